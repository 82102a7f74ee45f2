// Killed at random moments under a stream of messages, either process or both: what was cleared at the service is in the archive once, and
// the session reads on. 50 kills, 1,000 with VESTARI_ASSURE=1. SEED=… repeats the choices (the moments are the machine's).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { House, eventually } from './house.mjs';

const kills = process.env.VESTARI_ASSURE ? 1000 : 50;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
let turn = seed;
const random = (below) => { // xorshift: the same choices for the same seed
  turn ^= turn << 13; turn ^= turn >>> 17; turn ^= turn << 5;
  return (turn >>> 0) % below;
};

let house, group;
const running = {};

async function ready() {
  return eventually('both are ready again', async () => {
    for (const [name, daemon] of Object.entries(running)) assert(daemon.running(), `vestari-${name} ended by itself:\n${daemon.stderr}`);
    try {
      const bridge = await house.bridge();
      return bridge.state === 'connected' && bridge.pipe === 'connected' && (await house.reachable('ingest'));
    } catch { return false; } // its socket is not there yet
  });
}

before(async () => {
  house = await House.build({ seed: 5 });
  group = await house.group('Dealers');
  for (const name of ['ingest', 'bridge']) running[name] = house.daemon(name);
  await eventually('sockets', async () => (await house.reachable('bridge')) && (await house.reachable('ingest')));
  await house.link();
  await ready();
  await house.ok('include', 'add', group);
});
after(async () => { if (house) console.log('referee:', JSON.stringify(await house.close())); });

test(`nothing is lost and nothing doubled by ${kills} kills`, async () => {
  console.log(`seed ${seed}`);
  let posted = 0, over = false;
  const stream = (async () => {
    while (!over) {
      posted += (await house.post(group, posted % 3 ? 'anna' : 'ben', `WTS Rolex 126610LN 2023 full set $${10000 + posted} shipped`)).length;
      await pause(10 + random(40));
    }
  })();
  const took = [], met = { bridge: 0, ingest: 0, both: 0 };
  for (let i = 0; i < kills; i += 1) {
    await pause(random(250)); // the moment itself is what is tested
    const choice = ['bridge', 'ingest', 'both'][random(3)];
    met[choice] += 1;
    const victims = choice === 'both' ? ['bridge', 'ingest'] : [choice];
    const began = performance.now();
    for (const name of victims) {
      const dead = running[name];
      await dead.kill('SIGKILL');
      house.programs.splice(house.programs.indexOf(dead), 1);
      running[name] = house.daemon(name);
    }
    if (random(5) === 0) continue; // and sometimes it is killed again before it is ready
    await ready();
    took.push(performance.now() - began);
  }
  over = true;
  await stream;
  await ready();
  await house.cleared();
  await eventually('an empty spool', async () => (await house.bridge()).spool.rows === 0);
  const status = await house.status();
  took.sort((a, b) => a - b);
  console.log(`${kills} kills (${JSON.stringify(met)}), ${posted} messages; restart to ready: median ${Math.round(took[took.length >> 1])} ms, ` +
    `95 % ${Math.round(took[Math.floor(took.length * 0.95)])} ms, worst ${Math.round(took.at(-1))} ms`);
  const deals = await house.deals();
  assert.equal(status.counts.messages, posted, 'every message is in the archive, once');
  assert.equal(deals.reduce((sum, deal) => sum + deal.sightings, 0), posted, 'and so is its deal');
  assert.equal(status.counts.undecryptable, 0, 'no key was used twice or lost');
});

test('the session reads on after them', async () => {
  const [id] = await house.post(group, 'anna', 'WTS Patek Philippe 5711/1A, 2020, $98,000');
  await eventually('its deal', async () => (await house.deals()).some((deal) => deal.source.message_id === id));
});

test('killed while linking, it links the next time', async () => {
  await house.ok('unlink', '--yes');
  for (let i = 0; i < 5; i += 1) {
    const link = house.start('vestari', ['--config', house.config, 'link', '--qr', 'text']);
    const qr = await link.line('a QR text', (line) => line.includes(','));
    const scanned = house.control('POST', '/scan', { qr });
    await pause(random(30)); // the moment
    await running.bridge.kill('SIGKILL');
    await scanned;
    await link.ended;
    house.programs.splice(house.programs.indexOf(running.bridge), 1);
    running.bridge = house.daemon('bridge');
    const status = await eventually('linked or not', async () => {
      const now = await house.bridge().catch(() => undefined);
      return ['unlinked', 'connected', 'logged_out'].includes(now?.state) && now;
    });
    if (status.state === 'connected') await house.ok('unlink', '--yes'); // it was whole before it was killed
  }
  await house.link();
  await ready();
});

test('both end cleanly when they are told to', async () => {
  await house.end(running.bridge);
  await house.end(running.ingest);
});
