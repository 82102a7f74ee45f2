// The live commands against a simulated WhatsApp: link in all its forms, up and how it ends, groups by name, include at once, events,
// capture, status, doctor, unlink.
//
//     node live.mjs BIN_DIR
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { House, eventually } from '../live/house.mjs';

const bin = resolve(process.argv[2]);
const offer = 'WTS Rolex 126610LN 2023 full set 98,000 hkd';

// Without `up`: link runs both daemons until it is done, and takes them along however it ends.
async function link_alone(house) {
  const gone = async () => !(await house.pid_of('vestari-bridge')) && !(await house.pid_of('vestari-ingest'));
  const start = (...words) => house.start('vestari', ['--config', house.config, 'link', ...words]);
  let link = start('--qr', 'text');
  await link.line('a QR text', (line) => line.includes(','));
  assert.equal((await link.kill('SIGINT')).code, 75);
  assert.match(link.stderr, /linking was cancelled/);
  await eventually('both are gone', gone);

  const picture = join(house.folder, 'qr.png');
  link = start('--qr', `png=${picture}`);
  await eventually('the picture', () => existsSync(picture));
  assert.equal(statSync(picture).mode & 0o777, 0o600);
  await link.kill('SIGTERM');
  assert.ok(!existsSync(picture), 'the picture of a code that is over stays behind');

  link = start('--json');
  const qr = JSON.parse(await link.line('a QR event', (line) => line.includes('"qr"')));
  assert.ok(Date.parse(qr.expires) > 0);
  await house.control('POST', '/scan', { qr: qr.text, person: 'owner' });
  assert.deepEqual(await link.ended, { code: 0, signal: null }, link.stderr);
  assert.equal(link.json().at(-1).type, 'linked');
  assert.ok(!link.stderr.includes(qr.text), 'the QR text stands in a log');
  await eventually('both are gone', gone);
}

async function refusals(house) {
  for (const [words, code, text] of [
    [['link'], 75, 'already'],
    [['link', '--phone', 'abc'], 64, 'phone number'],
    [['link', '--qr', 'wall'], 64, 'terminal, text or png=FILE'],
    [['up'], 75, 'runs already'],
    [['unlink'], 64, '--yes'],
    [['include', 'add', 'Twins'], 1, '@g.us, '],
    [['include', 'add', 'Nobody'], 1, 'vestari groups'],
    [['capture', '--output', house.config], 74, 'nothing is overwritten'],
  ]) {
    const run = await house.vestari(...words);
    assert.equal(run.code, code, `${words.join(' ')}: ${run.stderr}`);
    assert.ok(run.stderr.includes(text), `${words.join(' ')}: ${run.stderr}`);
  }
}

async function reading(house, group) {
  const follow = house.start('vestari', ['--config', house.config, 'events', '--follow']);
  await follow.line('a state', (line) => line.includes('"state"'));
  assert.equal((await house.ok('groups', '--json')).json.find((one) => one.jid === group).included, false);
  await house.ok('include', 'add', 'Dealers HKD', '--currency', 'HKD');
  assert.equal((await house.ok('groups', '--json')).json.find((one) => one.jid === group).included, true);
  const file = join(house.folder, 'day.jsonl');
  const capture = house.start('vestari', ['--config', house.config, 'capture', '--output', file]);
  await eventually('the header', () => existsSync(file) && statSync(file).size > 0);
  await house.control('POST', '/post', { group, member: 'Anna', text: offer, count: 3 });
  const line = await follow.line('a message', (one) => one.includes('"message"'));
  assert.deepEqual(Object.keys(JSON.parse(line)), ['type', 'kind', 'account', 'chat', 'id', 'sender', 'target', 'deals', 'at']);
  assert.ok(!line.includes('Rolex'));
  await eventually('a deal', async () => (await house.deals()).length === 1);
  await house.cleared();
  assert.equal((await capture.kill('SIGINT')).code, 0, capture.stderr);
  assert.equal(readFileSync(file, 'utf8').trimEnd().split('\n').length, 4);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal((await house.ok('replay', file, '--json')).json.messages.length, 3);
  assert.equal((await follow.kill('SIGINT')).code, 0, follow.stderr);
  const status = await eventually('an empty spool', async () => {
    const now = await house.status();
    return now.spool === 0 && now;
  });
  assert.deepEqual([status.linked, status.counts.messages, status.counts.deals], [true, 3, 1]);
  assert.equal((await house.vestari('doctor')).code, 0);

  await house.ok('include', 'remove', 'Dealers HKD');
  await house.control('POST', '/post', { group, member: 'Anna', text: offer, count: 1 });
  await house.cleared();
  assert.equal((await house.status()).counts.messages, 3, 'a group that is not included was read');
}

const house = await House.build({ bin, seed: 11 });
try {
  const { jid } = await house.control('POST', '/groups', { name: 'Dealers HKD', members: ['Anna'], addressing: 'lid' });
  for (const addressing of ['lid', 'pn']) await house.control('POST', '/groups', { name: 'Twins', members: ['Ben'], addressing });
  await link_alone(house);
  await house.up();
  await house.connected();
  await reading(house, jid);
  await refusals(house);

  // What waits for a hand: another program with this device's keys. The next step that is named is one that exists.
  await house.control('POST', '/stream-error', { code: 'conflict', conflict: 'replaced' });
  assert.match((await house.state('replaced')).warnings[0].next, /vestari doctor --reconnect/);
  await house.ok('doctor', '--reconnect');
  await house.connected();

  // One killed takes the other along, with an exit code that says so; the next `up` goes on.
  process.kill(await house.pid_of('vestari-ingest'), 'SIGKILL');
  assert.deepEqual(await house.house.ended, { code: 70, signal: null }, house.house.stderr);
  assert.match(house.house.stderr, /vestari-ingest was ended by signal 9/);
  assert.equal(await house.pid_of('vestari-bridge'), undefined);
  assert.equal((await house.deals()).length, 1);
  assert.equal((await house.status()).state, 'offline');
  await house.up();
  await house.connected();
  await house.ok('unlink', '--yes');
  assert.equal((await house.status()).state, 'unlinked');
  assert.equal((await house.deals()).length, 1, 'the archive stays');
  await house.close();
  console.log('the live commands do what they say');
} catch (error) {
  console.error(error, house.house?.stderr);
  process.exitCode = 1;
  await house.close().catch(() => {});
}
