// WhatsApp's own moods: every failure and stream error has its state, its words, its exit code of `vestari link`; a running bridge stays up.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House, eventually } from './house.mjs';

let house, group;

before(async () => {
  house = await House.build({ seed: 7 });
  group = await house.group('Dealers');
  await house.up();
  await house.link();
  await house.connected();
  await house.ok('include', 'add', group);
});
after(async () => { if (house) console.log('referee:', JSON.stringify((await house.close()).shapes)); });

const offer = (price) => `WTS Omega 310.30.42.50.01.001 Speedmaster 2022 full set $${price} shipped`;
let price = 5000;

// Back to a state that reads: after a lasting stop the operator acts.
async function reads_again() {
  if ((await house.bridge()).state === 'logged_out') await house.link();
  else await house.socket('bridge', 'POST', '/v1/reconnect', {});
  await house.connected();
  const [id] = await house.post(group, 'anna', offer((price += 100)));
  await eventually('a deal afterwards', async () => (await house.deals()).some((deal) => deal.source.message_id === id));
}

async function login_answered_with(reason, more = {}) {
  await house.control('POST', '/failure', { reason, ...more });
  await house.control('POST', '/disconnect');
}

const logins = async () => (await house.control('GET', '/referee')).handshakes;

// That stay until the operator acts: no further login, a warning with the next step, and the archive as it was.
const lasting = [
  { reason: '403', state: 'banned', code: 'failure_403', next: /phone/ },
  { reason: '406', state: 'banned', code: 'failure_406', next: /phone/ },
  { reason: '409', state: 'refused', code: 'failure_409', next: /restart/ },
  { reason: '401', state: 'logged_out', code: 'failure_401', next: /vestari link/ },
];
for (const { reason, state, code, next } of lasting) {
  test(`login failure ${reason}: ${state}, until the operator acts`, async () => {
    const deals = await house.deals();
    await login_answered_with(reason);
    const status = await house.state(state);
    const warning = status.warnings.find((one) => one.code === code);
    assert(warning, JSON.stringify(status.warnings));
    assert.match(warning.next, next);
    assert(warning.cause.length > 10, 'says what happened');
    const before_ = await logins();
    assert.equal((await house.vestari('status')).code, 0);
    assert.deepEqual(await house.deals(), deals, 'the archive stays');
    assert.equal(await logins(), before_, 'it does not try again');
    if (reason === '403') {
      await house.down();
      await house.up(); // a restart does not forget it
      assert.equal((await house.state(state)).linked, true);
      assert.equal(await logins(), before_);
    }
    await reads_again();
  });
}

test('login failure 402: banned until it expires, and said when', async () => {
  await login_answered_with('402', { expire: '3600' });
  await house.state('banned');
  const bridge = await house.bridge();
  assert.equal(bridge.code, 'failure_402');
  const left = Date.parse(bridge.until) - Date.now();
  assert(left > 3500e3 && left < 3700e3, `until ${bridge.until}`);
  await house.down();
  await house.up();
  await house.state('banned');
  assert.equal((await house.bridge()).until, bridge.until, 'a restart does not shorten it');
  await reads_again();
});

test('login failure 405: outdated says update, and never to link again', async () => {
  await login_answered_with('405');
  const status = await house.state('outdated');
  const warning = status.warnings.find((one) => one.code === 'failure_405');
  assert.match(warning.next, /update/i);
  assert.match(warning.next, /do not link again/);
  assert.equal(status.linked, true, 'the link stays');
  await reads_again();
});

test('replaced by another session: stops until the operator acts', async () => {
  await house.control('POST', '/stream-error', { code: '409', conflict: 'replaced' });
  const status = await house.state('replaced');
  assert(status.warnings.some((one) => one.code === 'replaced'), JSON.stringify(status.warnings));
  await reads_again();
});

for (const [what, make] of [
  ['stream error 503', () => house.control('POST', '/stream-error', { code: '503' })],
  ['stream error 515', () => house.control('POST', '/stream-error', { code: '515' })],
  ['login failure 503', () => login_answered_with('503')],
]) {
  test(`${what}: comes back by itself`, async () => {
    const before_ = await logins();
    await make();
    await eventually('a new login', async () => (await logins()) > before_);
    await house.connected();
    const [id] = await house.post(group, 'ben', offer((price += 100)));
    await eventually('a deal afterwards', async () => (await house.deals()).some((deal) => deal.source.message_id === id));
  });
}

test('removed on the phone: logged out, linking again reads on', async () => {
  await house.control('POST', '/remove-device', { person: 'owner' });
  const status = await house.state('logged_out');
  assert.match(status.warnings[0].next, /vestari link/);
  await reads_again();
});

// What `vestari link` says and exits with, by failures that the service gives while linking.
const while_linking = [
  { reason: '405', exit: 76, state: 'outdated', says: /too old/ },
  { reason: '403', exit: 77, state: 'banned', says: /locked|banned/ },
  { reason: '401', exit: 77, state: 'logged_out', says: /unlinked/ },
  { reason: '411', exit: 77, state: 'refused', says: /refused/ },
];
for (const { reason, exit, state, says } of while_linking) {
  test(`vestari link, answered with ${reason}: exit ${exit}`, async () => {
    const fresh = await House.build({ seed: Number(reason) });
    await fresh.up();
    await fresh.control('POST', '/failure', { reason });
    const told = await fresh.vestari('link', '--qr', 'text');
    assert.equal(told.code, exit, told.stderr + told.stdout);
    assert.match(told.stderr, says);
    assert.match(told.stderr, /next: \S/);
    await fresh.control('POST', '/failure', { reason });
    const json = await fresh.vestari('--json', 'link');
    assert.equal(json.code, exit);
    const last = JSON.parse(json.lines.at(-1));
    assert.equal(last.type, 'failed');
    assert.equal(last.state, state);
    assert(last.next.length > 0);
    assert.equal(await fresh.reachable('bridge'), true, 'the bridge stays up');
    await fresh.link(); // and another try is not held back by it
    await fresh.connected();
    await fresh.close();
  });
}
