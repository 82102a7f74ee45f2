// Several accounts in one bridge: what happens to one is nobody else's business.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { House, eventually } from './house.mjs';

const names = ['north', 'south', 'west'];
const owners = ['owner', 'nora', 'wim'];
let house, group;
let price = 20000;

before(async () => {
  house = await House.build({ seed: 17, accounts: names.map((name) => `[[account]]\nname = "${name}"`).join('\n') });
  for (const name of owners) await house.control('POST', '/persons', { name, ours: true }); // the referee judges all three
  group = await house.group('Everybody', ['nora', 'wim', 'anna']);
  await house.up();
  for (const [i, name] of names.entries()) {
    await house.link(owners[i], '--account', name);
    await house.state('connected', i);
    await house.ok('--account', name, 'include', 'add', group);
  }
});
after(async () => {
  if (!house) return;
  const report = await house.close();
  assert.equal(report.others, 0, 'all three were judged');
  console.log('referee:', JSON.stringify(report.shapes));
});

const deals = async (name) => (await house.ok('--account', name, 'deals', '--json')).json;
// One offer to the group that all three are in; who reads it.
async function read_by(...wanted) {
  price += 50;
  const [id] = await house.post(group, 'anna', `WTS Tudor 79230B Black Bay 2021 full set $${price} shipped`);
  for (const name of wanted) await eventually(`${name} has the deal`, async () => (await deals(name)).some((deal) => deal.source.message_id === id));
  return id;
}

test('three accounts, three phones, three archives in one bridge and one ingest', async () => {
  await read_by(...names);
  const { accounts } = (await house.ok('status', '--json')).json;
  assert.deepEqual(accounts.map((account) => account.name), names);
  assert.equal(new Set(accounts.map((account) => account.me.lid)).size, 3, 'each is somebody else');
  for (const account of accounts) assert.equal(account.counts.deals, 1);
  const without = await house.vestari('deals');
  assert.equal(without.code, 64, 'with several accounts one has to be named');
});

test('one is logged out on its phone: the others read on', async () => {
  await house.control('POST', '/remove-device', { person: 'nora' });
  await house.state('logged_out', 1);
  const id = await read_by('north', 'west');
  assert(!(await deals('south')).some((deal) => deal.source.message_id === id));
  assert.deepEqual((await house.ok('status', '--json')).json.accounts.map((account) => account.state), ['connected', 'logged_out', 'connected']);
});

test('one is banned while another links: each gets what is its own', async () => {
  await house.control('POST', '/failure', { reason: '403' });
  await house.socket('bridge', 'POST', '/v1/reconnect', { account: 'west' });
  await house.state('banned', 2);
  await house.link('nora', '--account', 'south');
  await house.state('connected', 1);
  await read_by('north', 'south');
});

test('one has a session database that is damaged: it says so, the others go on, also after a restart', async () => {
  await house.down();
  const folder = join(house.folder, 'data', 'bridge');
  const damaged = readdirSync(folder, { recursive: true }).map(String).filter((file) => file.includes('west') && /\.(db|sqlite)/.test(file));
  assert(damaged.length > 0, 'there is a session database of west');
  for (const file of damaged) writeFileSync(join(folder, file), Buffer.alloc(8192, 0x5a));
  await house.up();
  await house.state('connected', 0);
  await house.state('connected', 1);
  await read_by('north', 'south');
  const west = await house.status(2);
  assert.notEqual(west.state, 'connected');
  assert(west.warnings.length > 0, JSON.stringify(west));
  assert(west.warnings[0].next.length > 0);
});

test('the whole ends cleanly with a sick account in it', async () => {
  await house.down();
});
