// Somebody else answers, or nobody: a named reason in the status, patience between attempts, and not a byte of ours before the server has
// proved who it is. What leads away from WhatsApp can be configured toward this machine alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { setTimeout as pause } from 'node:timers/promises';
import { House, eventually } from './house.mjs';

let house, group, folder;

const pem = (name) => readFileSync(join(folder, `${name}.pem`));
const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

function authority(name) {
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`,
    '-days', '30', '-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:true', '-addext', 'keyUsage=critical,keyCertSign');
}

// A server's certificate; `from` and `to` as openssl writes times, `san` whom it is for.
function certificate(name, { ca = 'ca', from = '20250101000000Z', to = '20450101000000Z', san = 'IP:127.0.0.1,DNS:localhost', use = 'serverAuth' } = {}) {
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(join(folder, 'ca.cnf'), `[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\nrand_serial=yes\n` +
    `[p]\ncommonName=supplied\n[e]\nsubjectAltName=${san}\nextendedKeyUsage=${use}\nbasicConstraints=CA:false\n`);
  openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', '-extensions', 'e', '-cert', `${ca}.pem`, '-keyfile', `${ca}.key`, '-in', `${name}.csr`, '-out', `${name}.pem`,
    '-startdate', from, '-enddate', to);
}

// A server that counts who comes and what they say inside TLS; `answer` what it says to the first bytes.
async function serve(make, answer) {
  const met = { connections: 0, bytes: Buffer.alloc(0) };
  const heard = (socket) => {
    socket.on('error', () => undefined).on('data', (part) => {
      met.bytes = Buffer.concat([met.bytes, part]);
      if (answer) socket.end(answer);
    });
  };
  const server = make(heard);
  server.on('connection', (socket) => { met.connections += 1; socket.on('error', () => undefined); });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  met.url = `wss://127.0.0.1:${server.address().port}/ws/chat`;
  met.close = () => new Promise((resolve) => { server.close(resolve); });
  return met;
}
const over_tls = (name, more = {}) => (heard) => tls.createServer({ cert: pem(name), key: readFileSync(join(folder, `${name}.key`)), ...more }, heard);
const page = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><body>Please log in to the hotel network</body></html>';

before(async () => {
  house = await House.build({ seed: 13 });
  folder = join(house.folder, 'certificates');
  mkdirSync(folder);
  for (const name of ['ca', 'other']) authority(name);
  certificate('good');
  certificate('expired', { from: '20200101000000Z', to: '20210101000000Z' });
  certificate('early', { from: '20440101000000Z' });
  certificate('elsewhere', { san: 'DNS:web.whatsapp.com,IP:127.0.0.2' });
  certificate('foreign', { ca: 'other' });
  certificate('person', { use: 'clientAuth' });
  group = await house.group('Dealers');
  await house.up();
  await house.link();
  await house.connected();
  await house.ok('include', 'add', group);
  await house.down();
});
after(async () => { if (house) console.log('referee:', JSON.stringify((await house.close()).shapes)); });

const nothing = (met) => assert.equal(met.bytes.length, 0, `said ${met.bytes.length} bytes: ${met.bytes.toString('latin1').slice(0, 80)}`);
const one_request = (met) => { // and nothing behind it
  for (const request of met.bytes.toString('latin1').split(/(?=GET )/)) assert.match(request, /^GET \/ws\/chat HTTP\/1\.1\r\n[^]*\r\n\r\n$/);
};

const strangers = [
  { what: 'nobody', code: 'network', make: null, check: () => undefined },
  { what: 'a web site without TLS', code: 'tls', make: (heard) => net.createServer(heard), answer: page, check: () => undefined },
  { what: 'a proxy that shows a page', code: 'http_status', make: (heard) => over_tls('good')(heard), answer: page, check: one_request },
  { what: 'a proxy that redirects', code: 'http_status', make: (heard) => over_tls('good')(heard), check: one_request,
    answer: 'HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n' },
  { what: 'a server that upgrades to something else', code: 'http_status', make: (heard) => over_tls('good')(heard), check: one_request,
    answer: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n' },
  { what: 'a certificate that expired', code: 'tls_certificate', make: (heard) => over_tls('expired')(heard), check: nothing },
  { what: 'a certificate of the future', code: 'tls_certificate', make: (heard) => over_tls('early')(heard), check: nothing },
  { what: 'a certificate of another host', code: 'tls_certificate', make: (heard) => over_tls('elsewhere')(heard), check: nothing },
  { what: 'an unknown authority', code: 'tls_certificate', make: (heard) => over_tls('foreign')(heard), check: nothing },
  { what: 'a certificate that is for no server', code: 'tls_certificate', make: (heard) => over_tls('person')(heard), check: nothing },
  { what: 'TLS 1.2', code: 'tls', make: (heard) => over_tls('good', { maxVersion: 'TLSv1.2' })(heard), check: nothing },
];
for (const { what, code, make, answer, check } of strangers) {
  test(`${what}: ${code}`, async (t) => {
    const met = await serve(make === null ? (heard) => net.createServer(heard) : make, answer);
    if (make === null) await met.close();
    t.after(async () => {
      await house.down();
      if (make !== null) await met.close();
    });
    house.configure({ url: met.url, ca_file: join(folder, 'ca.pem') });
    await house.up();
    const bridge = await eventually('offline, with a reason', async () => {
      const now = await house.bridge();
      return now.state === 'offline' && now;
    });
    assert.equal(bridge.code, code, JSON.stringify(bridge));
    assert(bridge.why.length > 10 && bridge.next.length > 5, bridge.why);
    assert.equal((await house.status()).state, 'offline');
    await pause(2500); // long enough for a loop without patience to show
    if (make !== null) assert(met.connections <= 4, `${met.connections} attempts in 2.5 s`);
    check(met);
    assert.equal((await house.socket('bridge', 'GET', '/readyz')).status, 503);
    const { checks } = (await house.vestari('doctor', '--json')).json;
    assert.notEqual(checks.find((one) => one.name === 'connection').state, 'ok');
  });
}

test('a server with another root key: three attempts, then it stops and alarms', async () => {
  const shapes = (await house.control('GET', '/referee')).shapes;
  house.configure({ root_key: 'ab'.repeat(32) });
  await house.up();
  const status = await house.state('refused');
  assert.equal((await house.bridge()).code, 'interception');
  assert(status.warnings.some((one) => one.code === 'handshake'), JSON.stringify(status.warnings));
  assert.deepEqual((await house.control('GET', '/referee')).shapes, shapes, 'nothing was said to it');
  await house.down();
});

test('away from WhatsApp leads only the way to this machine: exit 78 elsewhere', async () => {
  const { url, root_key, ca_file } = house.service;
  for (const away of ['wss://example.com/ws/chat', 'wss://10.0.0.1/ws/chat', 'wss://127.0.0.1.example.com/ws/chat', 'wss://localhost.example.com/ws/chat',
    'wss://127.0.0.1@example.com/ws/chat', 'wss://[2001:db8::1]/ws/chat', 'wss://0.0.0.0/ws/chat', 'wss://web.whatsapp.com.example.com/ws/chat',
    'wss://web.whatsapp.com/ws/chat', url.replace('wss:', 'ws:'), url.replace('wss:', 'http:')]) {
    house.configure({ url: away, root_key, ca_file });
    const bridge = house.daemon('bridge');
    const end = await bridge.ended;
    assert.deepEqual(end, { code: 78, signal: null }, `${away}: ${JSON.stringify(end)} ${bridge.stderr}`);
    const up = await house.vestari('up');
    assert.equal(up.code, 78, `${away}: ${up.stderr}`);
  }
});

test('and with the right service again it reads', async () => {
  house.configure();
  await house.up();
  await house.connected();
  const [id] = await house.post(group, 'anna', 'WTS Rolex 126710BLRO 2021 full set $17,500');
  await eventually('a deal', async () => (await house.deals()).some((deal) => deal.source.message_id === id));
});
