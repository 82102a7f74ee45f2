// A full disk: the bridge's, then the archive's. Nothing is cleared at the service that is not stored, the session stays, a warning says it,
// and everything goes on by itself once there is room. Needs to mount two small file systems; without the right to, it is skipped.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { House, eventually } from './house.mjs';

function may_mount() {
  const place = mkdtempSync(join(tmpdir(), 'vestari-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(place);
  }
}
const skip = may_mount() ? false : 'no right to mount a small file system here';

let house, group, disks;
let posted = 0;

before(async () => {
  if (skip) return;
  house = await House.build({ seed: 21, prepare: ({ folder }) => {
    disks = ['bridge', 'ingest'].map((name) => join(folder, 'data', name));
    for (const disk of disks) {
      mkdirSync(disk, { recursive: true, mode: 0o700 });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=0700', 'none', disk]);
    }
  } });
  group = await house.group('Dealers');
  await house.up();
  await house.link();
  await house.connected();
  await house.ok('include', 'add', group);
  await offers(20);
  await whole();
});
after(async () => {
  if (!house) return;
  const { folder } = house;
  try {
    await house.down();
  } finally {
    for (const disk of disks) execFileSync('umount', ['-l', disk]);
    const report = await house.close();
    console.log(`referee: ${report.stanzas} stanzas, ${report.violations.length} violations; ${folder}`);
  }
});

async function offers(count) {
  posted += count;
  await house.post(group, 'anna', `WTS Rolex 126610LN 2023 full set $${10000 + posted} shipped`, { count });
}
async function whole() {
  await house.cleared();
  await eventually('an empty spool', async () => (await house.bridge()).spool.rows === 0);
  await eventually('each message once in the archive', async () => (await house.status()).counts.messages === posted);
  assert.equal((await house.deals()).reduce((sum, deal) => sum + deal.sightings, 0), posted);
}

// Takes all the room there is, to the last byte.
function fill(disk) {
  const file = openSync(join(disk, 'filler'), 'w');
  try {
    for (const size of [1 << 20, 1 << 12, 1]) {
      const part = Buffer.alloc(size);
      try { for (;;) writeSync(file, part); } catch (error) { assert.equal(error.code, 'ENOSPC'); }
    }
  } finally { closeSync(file); }
}
const make_room = (disk) => rmSync(join(disk, 'filler'));
const warned = async (code) => (await house.status()).warnings.some((one) => one.code === code);

test('the bridge\'s disk is full: nothing more is cleared, and all of it comes when there is room', { skip }, async () => {
  for (let round = 0; round < 2; round += 1) {
    fill(disks[0]);
    for (let i = 0; i < 10; i += 1) await offers(30);
    await eventually('the warning', () => warned('disk_full'));
    const { undelivered, uncleared } = await house.control('GET', '/queue');
    assert(undelivered + uncleared > 0, 'the service keeps what is not stored');
    assert.equal((await house.status()).linked, true, 'the session stays');
    assert(house.house.running());
    make_room(disks[0]);
    const began = performance.now();
    await eventually('connected again', async () => (await house.bridge()).state === 'connected');
    const took = performance.now() - began;
    await whole();
    assert.equal(await warned('disk_full'), false, 'the warning is over');
    console.log(`the bridge's disk: ${undelivered + uncleared} kept at the service; reading again ${Math.round(took)} ms after there was room`);
  }
});

test('the archive\'s disk is full: the spool holds what is cleared, and all of it comes when there is room', { skip }, async () => {
  fill(disks[1]);
  for (let i = 0; i < 10; i += 1) await offers(30);
  await house.cleared(); // it is durable in the bridge's spool
  const held = await eventually('the spool holds it', async () => (await house.bridge()).spool.rows);
  const said = await eventually('a warning', async () => {
    const { warnings } = (await house.socket('ingest', 'GET', '/v1/status')).json.accounts[0];
    return warnings?.length > 0 && warnings;
  });
  assert(said.every((one) => one.text && one.next), JSON.stringify(said));
  assert.equal((await house.bridge()).state, 'connected', 'the bridge is not concerned');
  make_room(disks[1]);
  const began = performance.now();
  await eventually('an empty spool', async () => (await house.bridge()).spool.rows === 0);
  console.log(`the archive's disk: ${held} envelopes held; handed over ${Math.round(performance.now() - began)} ms after there was room`);
  await whole();
});

test('full when it starts: it waits, and begins by itself', { skip }, async () => {
  await house.down();
  fill(disks[0]);
  await house.up().catch(() => undefined); // it may also say that it cannot, and end
  if (house.house.running()) {
    await offers(10);
    make_room(disks[0]);
  } else {
    assert.notEqual(house.house.stderr, '', 'it says why');
    make_room(disks[0]);
    await house.up();
    await offers(10);
  }
  await eventually('connected', async () => (await house.bridge()).state === 'connected');
  await whole();
});
