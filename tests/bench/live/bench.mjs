// The live bridge against the simulated service: start to connected, an offline queue drained to durable, memory; the same of the peers.
//
//     bench.mjs BIN_DIR FOLDER_OF_CLIENTS OUT_FOLDER ROUNDS [PEER…]
//
// Writes live.json and live-PEER.json: medians over the rounds. Peers read the same queue of the same simulated senders on the same
// service; what they read is an event in memory (Baileys) or in their SQLite store (whatsmeow), ours is in the archive, encrypted.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { House, Program, eventually } from '../../e2e/live/house.mjs';
import { Peer } from '../../interop/peers.mjs';

const [bin, installed, out, roundsText, ...peerKinds] = process.argv.slice(2);
const rounds = Number(roundsText);
const queue = Number(process.env.VESTARI_BENCH_QUEUE ?? 5000);
const sessions = (process.env.VESTARI_BENCH_SESSIONS ?? '1,50').split(',').map(Number);

const now = () => Number(process.hrtime.bigint()) / 1e9;
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];
const say = (text) => process.stderr.write(`bench: ${text}\n`);

// Kilobytes of a process and its kind: what is resident, and what is its own.
function memory(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name) => Number(text.match(new RegExp(`^${name}: *(\\d+)`, 'm'))[1]);
  return { resident: field('Rss'), dirty: field('Private_Dirty') };
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
    const idle = { bridge: memory(house.bridge.pid), ingest: memory(house.ingest.pid) };
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
    const after = { bridge: memory(house.bridge.pid), ingest: memory(house.ingest.pid) };
    const result = {
      start_s: median(figures.start), drain_cleared_per_s: median(figures.drain_cleared), drain_archived_per_s: median(figures.drain_archived),
      messages: total,
    };
    for (const [when, both] of Object.entries({ idle, after })) {
      for (const [name, { resident, dirty }] of Object.entries(both)) {
        result[`${when}_${name}_resident_kb`] = resident;
        result[`${when}_${name}_dirty_kb`] = dirty;
      }
    }
    return result;
  } finally { await house.close(); }
}

// Private memory of the bridge with more and more linked sessions.
async function many() {
  const result = {};
  for (const count of sessions) {
    const names = Array.from({ length: count }, (_, i) => `account-${i}`);
    const house = await house_of(names.map((name) => `[[account]]\nname = "${name}"\n`).join(''));
    try {
      daemons(house);
      await eventually('both answer', async () => (await house.reachable('bridge')) && (await house.reachable('ingest')));
      for (const name of names) {
        if (name !== names[0]) await house.control('POST', '/persons', { name });
        const link = house.start('vestari', ['--config', house.config, '--account', name, 'link', '--qr', 'text']);
        const qr = await link.line('a QR text', (line) => line.includes(','));
        await house.control('POST', '/scan', { qr, person: name === names[0] ? 'owner' : name });
        if ((await link.ended).code !== 0) throw new Error(`${name} did not link: ${link.stderr}`);
      }
      await all_connected(house, count);
      await house.bridge.kill('SIGTERM'); // what linking took is not what a session takes
      house.bridge = house.start('vestari-bridge', ['--config', house.config]);
      await all_connected(house, count);
      const { resident, dirty } = memory(house.bridge.pid);
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
    await new Promise((done) => setTimeout(done, 500));
    const idle = memory(reader.program.pid);
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
    const after = memory(reader.program.pid);
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
