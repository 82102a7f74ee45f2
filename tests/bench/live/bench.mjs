// The live bridge against the simulated service: start to connected, an offline queue drained to durable, memory; the same of the peers.
//
//     bench.mjs BIN_DIR FOLDER_OF_CLIENTS OUT_FOLDER ROUNDS [PEER…]
//
// VESTARI_BENCH_QUEUE: messages of a drain. VESTARI_BENCH_SESSIONS: how many linked sessions, as in 1,100,1000. VESTARI_BENCH_HOUR: how
// many seconds to talk as a group does in an hour.
// Writes live.json and live-PEER.json: medians over the rounds. Peers read the same queue of the same simulated senders on the same
// service; what they read is an event in memory (Baileys) or in their SQLite store (whatsmeow), ours is in the archive, encrypted.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { House, Program, eventually } from '../../e2e/live/house.mjs';
import { Peer } from '../../interop/peers.mjs';

const [bin, installed, out, roundsText, ...peerKinds] = process.argv.slice(2);
const rounds = Number(roundsText);
const queue = Number(process.env.VESTARI_BENCH_QUEUE ?? 5000);
const sessions = (process.env.VESTARI_BENCH_SESSIONS ?? '1,50').split(',').map(Number);

const hour = Number(process.env.VESTARI_BENCH_HOUR ?? 30); // seconds
const now = () => Number(process.hrtime.bigint()) / 1e9;
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];
const say = (text) => process.stderr.write(`bench: ${text}\n`);

// Kilobytes of a process and its kind: what is resident, and what is its own.
function memory(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name) => Number(text.match(new RegExp(`^${name}: *(\\d+)`, 'm'))[1]);
  return { resident: field('Rss'), dirty: field('Private_Dirty') };
}

// Of a process that nothing is asked of: what it no longer needs is given back after a few seconds.
const quiet = 8000;
async function memory_at_rest(pid) {
  await pause(quiet);
  return memory(pid);
}

async function house_of(accounts = '') {
  return House.build({ bin, seed: 5, accounts, sim: ['--answers-after', '0', '--older-dictionary', join(installed, 'dictionary-2.json')] });
}
const daemons = (house) => {
  for (const name of ['bridge', 'ingest']) house[name] = house.start(`vestari-${name}`, ['--config', house.config]);
};
const state_of = async (house) => {
  try { return (await house.socket('bridge', 'GET', '/v1/status')).json?.accounts ?? []; } catch { return []; }
};
const all_connected = (house, count = 1) => eventually('connected', async () => {
  const states = await state_of(house);
  return states.length >= count && states.every(({ state }) => state === 'connected');
});
const stored = async (house) => ((await house.socket('ingest', 'GET', '/v1/status')).json.accounts[0].counts.messages);

async function ours() {
  const house = await house_of();
  const figures = { start: [], drain_cleared: [], drain_archived: [] };
  try {
    daemons(house);
    await eventually('both answer', async () => (await house.reachable('bridge')) && (await house.reachable('ingest')));
    await house.link();
    const { jid } = await house.control('POST', '/groups', { name: 'Dealers', members: ['anna', 'ben'], addressing: 'lid' });
    await house.ok('include', 'add', jid, '--currency', 'HKD');
    const both = async () => ({ bridge: await memory_at_rest(house.bridge.pid), ingest: memory(house.ingest.pid) });
    const idle = await both();
    let total = 0;
    for (let round = 0; round < rounds; round += 1) {
      await house.bridge.kill('SIGTERM');
      await house.control('POST', '/post', { group: jid, member: 'anna', text: 'WTS Rolex 126610LN 2023 full set 98,000', count: queue });
      total += queue;
      const start = now();
      house.bridge = house.start('vestari-bridge', ['--config', house.config]);
      await all_connected(house);
      const connected = now();
      figures.start.push(connected - start);
      await eventually('cleared', async () => {
        const { undelivered, uncleared } = await house.control('GET', '/queue');
        return undelivered + uncleared === 0;
      });
      figures.drain_cleared.push(queue / (now() - connected));
      await eventually('archived', async () => (await stored(house)) >= total);
      figures.drain_archived.push(queue / (now() - connected));
    }
    const after = await both();
    const posted = await an_hour(house, jid);
    await eventually('archived', async () => (await stored(house)) >= total + posted);
    const after_hour = await both();
    const result = {
      start_s: median(figures.start), drain_cleared_per_s: median(figures.drain_cleared), drain_archived_per_s: median(figures.drain_archived),
      messages: total, hour_messages: posted,
    };
    for (const [when, pair] of Object.entries({ idle, after, hour: after_hour })) {
      for (const [name, { resident, dirty }] of Object.entries(pair)) {
        result[`${when}_${name}_resident_kb`] = resident;
        result[`${when}_${name}_dirty_kb`] = dirty;
      }
    }
    return result;
  } finally { await house.close(); }
}

// What a group says in an hour, 1,200 messages one by one, in less time.
async function an_hour(house, jid) {
  const messages = 1200;
  const start = now();
  for (let i = 0; i < messages; i += 1) {
    await house.control('POST', '/post', { group: jid, member: i % 3 ? 'anna' : 'ben', text: `WTS Rolex 126610LN 2023 full set ${90000 + i}`, count: 1 });
    const ahead = ((i + 1) * hour) / messages - (now() - start);
    if (ahead > 0.005) await pause(ahead * 1000);
  }
  return messages;
}

// Private memory of the bridge with more and more linked sessions.
async function link_one(house, name, person) {
  if (person !== 'owner') await house.control('POST', '/persons', { name: person });
  const link = house.start('vestari', ['--config', house.config, '--account', name, 'link', '--qr', 'text']);
  const qr = await link.line('a QR text', (line) => line.includes(','));
  await house.control('POST', '/scan', { qr, person });
  if ((await link.ended).code !== 0) throw new Error(`${name} did not link: ${link.stderr}`);
  house.programs.splice(house.programs.indexOf(link), 1);
}

async function many() {
  const result = {};
  for (const count of sessions) {
    const names = Array.from({ length: count }, (_, i) => `account-${i}`);
    const house = await house_of(names.map((name) => `[[account]]\nname = "${name}"\n`).join(''));
    try {
      daemons(house);
      await eventually('both answer', async () => (await house.reachable('bridge')) && (await house.reachable('ingest')));
      const waiting = [...names];
      await Promise.all(Array.from({ length: 4 }, async () => {
        for (let name = waiting.shift(); name; name = waiting.shift()) await link_one(house, name, name === names[0] ? 'owner' : name);
      }));
      await all_connected(house, count);
      await house.bridge.kill('SIGTERM'); // what linking took is not what a session takes
      house.bridge = house.start('vestari-bridge', ['--config', house.config]);
      await all_connected(house, count);
      const { resident, dirty } = await memory_at_rest(house.bridge.pid);
      result[`sessions_${count}_resident_kb`] = resident;
      result[`sessions_${count}_dirty_kb`] = dirty;
      say(`${count} sessions: ${dirty} kB dirty, ${resident} kB resident`);
    } finally { await house.close(); }
  }
  const [first, last] = [sessions[0], sessions.at(-1)];
  if (last > first) result.further_session_kb = (result[`sessions_${last}_dirty_kb`] - result[`sessions_${first}_dirty_kb`]) / (last - first);
  return result;
}

async function peer(kind) {
  const house = await house_of();
  const figures = { start: [], drain: [] };
  try {
    process.env.INTEROP_STATE = join(house.folder, 'state');
    const reader = await Peer.link(house, { name: 'reader', kind, installed });
    const { jid } = await house.control('POST', '/groups', { name: 'Dealers', members: ['anna', 'reader'], addressing: kind === 'baileys-6' ? 'pn' : 'lid' });
    const messages = () => reader.program.lines.filter((line) => line.includes('"event":"message"')).length;
    const idle = await memory_at_rest(reader.program.pid);
    for (let round = 0; round < rounds; round += 1) {
      reader.program.write({ do: 'quit' });
      await reader.program.ended;
      await house.control('POST', '/post', { group: jid, member: 'anna', text: 'WTS Rolex 126610LN 2023 full set 98,000', count: queue });
      const start = now();
      reader.program = new Program(reader.program.path, reader.program.args);
      house.programs.push(reader.program);
      await reader.program.line('logged in', (line) => line.includes('"event":"open"'));
      const connected = now();
      figures.start.push(connected - start);
      await eventually('read', () => messages() >= queue);
      figures.drain.push(queue / (now() - connected));
    }
    const after = await memory_at_rest(reader.program.pid);
    return {
      start_s: median(figures.start), drain_per_s: median(figures.drain), idle_resident_kb: idle.resident, idle_dirty_kb: idle.dirty,
      after_resident_kb: after.resident, after_dirty_kb: after.dirty,
    };
  } finally {
    delete process.env.INTEROP_STATE;
    await house.close();
  }
}

const write = (name, figures) => writeFileSync(join(out, `${name}.json`), JSON.stringify(figures));
say('the live bridge');
write('live', { ...(await ours()), ...(await many()) });
for (const kind of peerKinds) {
  say(`${kind}, the same queue`);
  try { write(`live-${kind}`, await peer(kind)); } catch (error) { say(`NOT RUN: ${kind}: ${error.message}`); }
}
