// The network and the service at their worst: cut in mid-flow, long offline, slow, doubled, reordered, malformed, silent. Nothing is lost,
// nothing comes twice, memory stays bounded.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { House, eventually } from './house.mjs';

const long = process.env.VESTARI_ASSURE !== undefined;
const most_mib = Number(process.env.VESTARI_MOST_MIB ?? 256);
let house, group, other;
let posted = 0; // to the included group

before(async () => {
  house = await House.build({ seed: 9 });
  group = await house.group('Dealers');
  other = await house.group('Family');
  await house.up();
  await house.link();
  await house.connected();
  await house.ok('include', 'add', group);
});
after(async () => {
  if (!house) return;
  const report = await house.close();
  console.log('referee:', JSON.stringify({ ...report, violations: undefined }));
});

const offers = async (count, more = {}) => {
  posted += count;
  return house.post(group, posted % 2 ? 'anna' : 'ben', `WTS Rolex 126610LN 2023 full set $${10000 + posted} shipped`, { count, ...more });
};
const fired = async (kind) => (await house.control('GET', '/faults')).fired[kind];

async function memory(what) {
  const [bridge, ingest] = [house.memory_mib(await house.pid_of('vestari-bridge')), house.memory_mib(await house.pid_of('vestari-ingest'))];
  console.log(`${what}: most memory so far: bridge ${bridge.toFixed(1)} MiB, ingest ${ingest.toFixed(1)} MiB`);
  assert(bridge < most_mib && ingest < most_mib, 'memory stays bounded');
}

// Everything posted so far is in the archive, once, and nothing waits anywhere.
async function whole() {
  await house.control('POST', '/faults', { calm: true });
  await eventually('the session stands', async () => (await house.bridge()).state === 'connected');
  await house.cleared();
  await eventually('an empty spool', async () => (await house.bridge()).spool.rows === 0);
  const status = await house.status();
  assert.equal(status.counts.messages, posted, 'each message once in the archive');
  assert.equal((await house.deals()).reduce((sum, deal) => sum + deal.sightings, 0), posted);
}
afterEach(whole);

test('ten forced disconnects in mid-flow', async () => {
  for (let i = 0; i < 10; i += 1) {
    const stream = (async () => { for (let n = 0; n < 10; n += 1) await offers(2); })();
    await pause(Math.random() * 40); // the moment
    await house.control('POST', '/disconnect');
    await stream;
    await eventually('it comes back', async () => (await house.bridge()).state === 'connected');
    if (i === 4) await house.socket('bridge', 'POST', '/v1/reconnect', {}); // and while that goes on, an order of ours
  }
});

test('a queue of thousands is drained after an offline time', async () => {
  const count = long ? 50_000 : 5000;
  await house.down();
  for (let left = count; left > 0; left -= 500) {
    await offers(500);
    await house.post(other, 'anna', 'nothing for us', { count: 50 });
  }
  const began = performance.now();
  await house.up();
  await house.cleared();
  const cleared = performance.now();
  await eventually('all of it in the archive', async () => (await house.status()).counts.messages === posted);
  const took = performance.now();
  console.log(`${count} messages of a queue and ${count / 10} of another group: cleared ${Math.round(cleared - began)} ms after the start, ` +
    `in the archive after ${Math.round(took - began)} ms: ${Math.round(count / (took - began) * 1000)} messages/s to the archive, start included`);
  await memory('after the queue');
});

// A burst while it is offline, and one of each fault at the worst place: while the queue drains, and in ordinary traffic.
for (const kind of ['one_byte', 'reorder', 'duplicate', 'half_close', 'malformed', 'bad_frame', 'zlib_bomb', 'flood', 'server_error', 'restart',
  'delay', 'redelivery', 'pre_keys_gone', 'refuse', 'login_unavailable', 'clock_jump']) {
  test(`fault: ${kind}`, async () => {
    const before_ = await fired(kind);
    await house.control('POST', '/faults', { arm: { [kind]: 1 } });
    for (let n = 0; n < 5; n += 1) await offers(4);
    await house.control('POST', '/disconnect');
    await offers(20);
    await house.socket('bridge', 'POST', '/v1/reconnect', {}); // its wait is tested elsewhere
    await eventually('it comes back', async () => {
      const state = (await house.bridge()).state;
      if (state === 'offline') await house.socket('bridge', 'POST', '/v1/reconnect', {});
      return state === 'connected';
    });
    await offers(5);
    await eventually(`${kind} happened`, async () => {
      if (await fired(kind) > before_) return true;
      await offers(1);
      return false;
    });
    await eventually('it stands again', async () => {
      const state = (await house.bridge()).state;
      if (state === 'offline') await house.socket('bridge', 'POST', '/v1/reconnect', {});
      return state === 'connected';
    });
  });
}

test('a service that falls silent is noticed, and left', { skip: long ? false : 'a minute and more: VESTARI_ASSURE=1' }, async () => {
  await house.control('POST', '/faults', { arm: { stall: 1 } });
  await offers(3);
  const logins = (await house.control('GET', '/referee')).handshakes;
  await eventually('a new connection', async () => (await house.control('GET', '/referee')).handshakes > logins);
});

test('all of it was bounded', async () => memory('in the end'));
