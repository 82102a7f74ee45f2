// A whole house for tests: a simulated WhatsApp, `vestari up`, and the command, in a folder of its own that is gone at the end.
//
//     const house = await House.build({ bin, seed });
//     await house.up(); await house.link(); await house.include(group); …; await house.close();
//
// close() ends everything cleanly and asks the referee: a violation fails the test that owned the house.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export const patience = Number(process.env.VESTARI_PATIENCE_S ?? 120) * 1000; // for a condition, never for a result

// Until `ask` gives something true; what it gave. The only way to wait here.
export async function eventually(what, ask) {
  const end = Date.now() + patience;
  for (let nap = 5; ; nap = Math.min(nap * 1.5, 200)) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await pause(nap);
  }
}

function request(options, body) {
  return new Promise((resolve, reject) => {
    const call = http.request(options, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part)).on('error', reject).on('end', () => {
        const text = Buffer.concat(parts).toString();
        let json;
        try { json = JSON.parse(text); } catch { json = undefined; }
        resolve({ status: answer.statusCode, text, json });
      });
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

// A program that a test started. Lines of its stdout are events; all of stderr is kept for a failure's report.
export class Program {
  constructor(path, args, options = {}) {
    this.name = this.path = path;
    this.args = args;
    this.lines = [];
    this.stderr = '';
    this.child = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    this.ended = new Promise((resolve) => this.child.on('close', (code, signal) => {
      this.exit = { code, signal };
      resolve(this.exit);
    }));
    this.child.on('error', (error) => { this.stderr += String(error); this.exit = { code: null, signal: null }; });
    this.child.stderr.on('data', (part) => { this.stderr += part; });
    createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(line));
  }

  get pid() { return this.child.pid; }
  running() { return this.exit === undefined; }
  json() { return this.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line)); }
  async line(what, wanted) {
    let seen = 0;
    return eventually(`${this.name}: ${what}`, () => {
      for (; seen < this.lines.length; seen += 1) if (wanted(this.lines[seen])) return this.lines[seen];
      assert(this.running(), `${this.name} ended (${JSON.stringify(this.exit)}) before: ${what}\n${this.stderr}`);
      return undefined;
    });
  }
  write(object) { this.child.stdin.write(`${JSON.stringify(object)}\n`); }
  kill(signal = 'SIGTERM') { this.child.kill(signal); return this.ended; }
}

export class House {
  // `whatsapp`: changes to what the configuration says of the service. `prepare`: what is done to the empty folder first.
  static async build({ bin = process.env.VESTARI_BIN, seed = 1, sim = [], accounts = '', whatsapp = undefined, prepare = undefined } = {}) {
    assert(bin, 'VESTARI_BIN says where the programs are');
    const house = new House();
    house.bin = bin;
    house.folder = mkdtempSync(join(tmpdir(), 'vestari-live-'));
    for (const name of ['home', 'sim', 'run', 'tmp']) mkdirSync(join(house.folder, name));
    house.environment = { PATH: process.env.PATH, HOME: join(house.folder, 'home'), TMPDIR: join(house.folder, 'tmp'), LC_ALL: 'C.UTF-8', TERM: 'dumb' };
    house.programs = [];
    house.sim = house.start('vestari-sim', ['--seed', String(seed), '--dir', join(house.folder, 'sim'), ...sim]);
    house.service = JSON.parse(await house.sim.line('its addresses', (line) => line.startsWith('{')));
    house.config = join(house.folder, 'vestari.toml');
    house.accounts = accounts;
    house.configure(whatsapp);
    prepare?.(house);
    const names = [...accounts.matchAll(/^name = "(.*)"$/gm)].map(([, name]) => name);
    for (const name of names.length ? names : ['main']) await house.ok('--account', name, 'init');
    return house;
  }

  configure(whatsapp = {}) {
    const { url, root_key, ca_file } = { ...this.service, ...whatsapp };
    writeFileSync(this.config, `data_dir = "${this.folder}/data"
runtime_dir = "${this.folder}/run"
${this.accounts}
[whatsapp]
url = "${url}"
root_key = "${root_key}"
ca_file = "${ca_file}"
`);
  }

  start(program, args, options = {}) {
    const started = new Program(join(this.bin, program), args, { env: this.environment, cwd: this.folder, ...options });
    this.programs.push(started);
    return started;
  }

  // The command, to its end.
  async vestari(...args) {
    const run = this.start('vestari', ['--config', this.config, ...args]);
    run.child.stdin.end();
    const { code } = await run.ended;
    this.programs.splice(this.programs.indexOf(run), 1);
    return { code, stderr: run.stderr, lines: run.lines, stdout: run.lines.join('\n'), get json() { return JSON.parse(run.lines.join('\n')); } };
  }
  async ok(...args) {
    const run = await this.vestari(...args);
    assert.equal(run.code, 0, `vestari ${args.join(' ')}: ${run.code}\n${run.stderr}${run.stdout}`);
    return run;
  }

  // The simulated service's control calls.
  async control(method, path, body) {
    const { hostname, port } = new URL(this.service.control);
    const answer = await request({ hostname, port, method, path, headers: { 'content-type': 'application/json' } }, body);
    assert(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  // A group of the account's owner and these people; its JID. Before the link: later the phone would tell.
  async group(name, members = ['anna', 'ben'], addressing = 'lid') {
    for (const person of members) await this.control('POST', '/persons', { name: person });
    return (await this.control('POST', '/groups', { name, members, addressing })).jid;
  }
  // What somebody posts; the ids.
  async post(group, member, text, more = {}) {
    return (await this.control('POST', '/post', { group, member, text, ...more })).ids;
  }

  // A call to one of the two control sockets, as curl --unix-socket would.
  socket(name, method, path, body) {
    return request({ socketPath: join(this.folder, 'run', `${name}.sock`), method, path, headers: { host: 'localhost', 'content-type': 'application/json' } }, body);
  }
  reachable(name) {
    return existsSync(join(this.folder, 'run', `${name}.sock`)) &&
      this.socket(name, 'GET', '/healthz').then((answer) => answer.status === 200, () => false);
  }

  async up() {
    this.house = this.start('vestari', ['--config', this.config, 'up']);
    for (const name of ['bridge', 'ingest']) {
      await eventually(`${name}.sock answers`, () => {
        assert(this.house.running(), `vestari up ended: ${JSON.stringify(this.house.exit)}\n${this.house.stderr}`);
        return this.reachable(name);
      });
    }
  }
  async down() {
    const end = await this.house.kill('SIGTERM');
    assert.deepEqual(end, { code: 0, signal: null }, `vestari up did not end cleanly:\n${this.house.stderr}`);
  }
  // One of the two daemons by itself, as its unit would start it.
  daemon(name) { return this.start(`vestari-${name}`, ['--config', this.config]); }
  async end(daemon) {
    const end = await daemon.kill('SIGTERM');
    this.programs.splice(this.programs.indexOf(daemon), 1);
    assert.deepEqual(end, { code: 0, signal: null }, `${daemon.name} did not end cleanly:\n${daemon.stderr}`);
  }
  // The process of a program of this house, to be killed. Both processes are told by their configuration file.
  async pid_of(program) {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        if (words[0].endsWith(`/${program}`) && words.includes(this.config)) return Number(pid);
      } catch { /* it ended meanwhile */ }
    }
    return undefined;
  }

  async link(person = 'owner', ...more) {
    const link = this.start('vestari', ['--config', this.config, 'link', '--qr', 'text', ...more]);
    const text = await link.line('a QR text', (line) => line.includes(','));
    await this.control('POST', '/scan', { qr: text, person });
    const { code } = await link.ended;
    assert.equal(code, 0, `vestari link: ${code}\n${link.stderr}`);
    return link;
  }

  async status(account = 0) { return (await this.ok('status', '--json')).json.accounts[account]; }
  async connected() { return eventually('connected', async () => (await this.status()).state === 'connected'); }
  async state(wanted, account = 0) {
    return eventually(`state ${wanted}`, async () => {
      const status = await this.status(account);
      return status.state === wanted && status;
    });
  }
  async bridge(account = 0) { return (await this.socket('bridge', 'GET', '/v1/status')).json.accounts[account]; }
  memory_mib(pid) { return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024; }
  async deals() { return (await this.ok('deals', '--json', '--limit', '1000000')).json; }
  async cleared() {
    return eventually('everything is cleared at the service', async () => {
      const { undelivered, uncleared } = await this.control('GET', '/queue');
      return undelivered === 0 && uncleared === 0;
    });
  }

  async close() {
    let report;
    try {
      if (this.house?.running()) await this.down();
      assert(this.sim.running(), `the simulated service ended: ${JSON.stringify(this.sim.exit)}\n${this.sim.stderr}`);
      report = await this.control('GET', '/referee');
    } finally {
      await Promise.all(this.programs.filter((program) => program.running()).map((program) => program.kill('SIGKILL')));
      rmSync(this.folder, { recursive: true, force: true });
    }
    if (report?.violations.length) throw new Error(`the referee saw what must never leave: ${JSON.stringify(report.violations)}`);
    return report;
  }
}
