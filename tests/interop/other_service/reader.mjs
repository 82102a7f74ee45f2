// A stranger's use of the shipped programs: a configuration file, `vestari init`, `up`, `link`, and the commands that read.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function eventually(what, holds, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const value = await holds();
    if (value) return value;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`never: ${what}`);
}

export class Reader {
  constructor(bin) {
    this.bin = bin;
    this.folder = mkdtempSync(join(tmpdir(), 'other-'));
    this.children = [];
  }
  configure({ url, authority, ca }, more = '') {
    this.config = join(this.folder, 'vestari.toml');
    writeFileSync(this.config, `data_dir = "${this.folder}/data"\nruntime_dir = "${this.folder}/run"\n\n[master_key]\nprovider = "file"\npath = "${this.folder}/master.key"\n\n` +
      `[[account]]\nname = "main"\ndefault_currency = "USD"\n\n[whatsapp]\nurl = "${url}"\nroot_key = "${authority.rootHex}"\nca_file = "${ca}"\n${more}`);
  }
  start(...args) {
    const child = spawn(join(this.bin, 'vestari'), ['--config', this.config, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    Object.assign(child, { out: '', err: '' });
    child.stdout.on('data', (data) => { child.out += data; });
    child.stderr.on('data', (data) => { child.err += data; if (process.env.OTHER_LOG) process.stderr.write(`[${args[0]}] ${data}`); });
    child.ended = new Promise((end) => child.on('close', (code, signal) => { child.done = true; end(code ?? signal); }));
    this.children.push(child);
    return child;
  }
  async run(...args) { const child = this.start(...args); child.code = await child.ended; return child; }
  async json(...args) {
    const { code, out, err } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`vestari ${args.join(' ')}: ${code}: ${err}`);
    return JSON.parse(out);
  }
  async status() { return (await this.json('status')).accounts[0]; }
  async state(...wanted) { return eventually(`state ${wanted}`, async () => { const status = await this.status().catch(() => undefined); this.last = status; return wanted.includes(status?.state) && status; }); }
  async events() { return (await this.run('events')).out.split('\n').filter(Boolean).map((line) => JSON.parse(line)).filter(({ type }) => type === 'message'); }

  // hasty: back as soon as one of the two daemons answers.
  async up(hasty) {
    const init = await this.run('init');
    if (init.code !== 0) throw new Error(`init: ${init.code} ${init.err}`);
    this.running = this.start('up');
    await eventually('up', async () => (hasty || /^ready:/m.test(this.running.err)) && (await this.status().catch(() => undefined)) || (this.running.done && Promise.reject(new Error(this.running.err))));
  }
  async link(service, how) {
    const link = this.start('link', '--qr', 'text');
    const qr = await eventually('a QR text', () => link.out.split('\n')[0] || (link.done && Promise.reject(new Error(link.err))), 30);
    this.answer = await service.scan(qr.trim(), how);
    link.code = await link.ended;
    return link;
  }
  async stop() {
    if (this.running && !this.running.done) { this.running.kill('SIGTERM'); await this.running.ended; }
    for (const child of this.children) if (!child.done) child.kill('SIGKILL');
  }
  async remove() { await this.stop(); rmSync(this.folder, { recursive: true, force: true }); }
  log() { return this.running?.err ?? ''; }
  read(file) { return readFileSync(join(this.folder, file), 'utf8'); }
}
