// A dealer's day: linked by a QR code or a typed one, groups included while it runs, deals, edits, revokes; then unlinked and linked again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { House, eventually } from './house.mjs';

const offer = (price) => `WTS Rolex 126610LN, 2023 full set, unworn, $${price} shipped`;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const keys = (object) => Object.keys(object).sort();

let house, dealers, private_group, by_number;

before(async () => {
  house = await House.build({ seed: 11 });
  dealers = await house.group('Watch dealers HKD');
  private_group = await house.group('Family');
  by_number = await house.group('Old group', ['carl'], 'pn');
  await house.up();
});
after(async () => { if (house) console.log('referee:', JSON.stringify((await house.close()).shapes)); });

test('an account that is not linked says so, and what to do', async () => {
  const status = await house.status();
  assert.equal(status.state, 'unlinked');
  assert.equal(status.linked, false);
  assert.equal(status.me, null);
  assert.equal(status.warnings[0].next, 'vestari link');
});

test('linking by QR text takes the first code shown, and only once', async () => {
  const link = await house.link();
  const codes = link.lines.filter((line) => line.includes(','));
  assert(codes.length >= 1);
  await house.connected();
  const again = await house.vestari('link', '--qr', 'text');
  assert.equal(again.code, 75);
  assert.match(again.stderr, /unlink/);
  const stale = await house.control('POST', '/scan', { qr: codes[0] });
  assert.equal(stale.ok, false, 'a used code links nothing');
});

test('groups are listed with names and members, and included by name and by JID while it runs', async () => {
  const groups = await eventually('three groups', async () => {
    const list = (await house.ok('groups', '--json')).json;
    return list.length === 3 && list;
  });
  for (const group of groups) assert.deepEqual(keys(group), ['included', 'jid', 'members', 'name']);
  const listed = groups.find((group) => group.jid === dealers);
  assert.deepEqual(listed, { jid: dealers, name: 'Watch dealers HKD', members: 3, included: false });
  await house.ok('include', 'add', 'Watch dealers HKD', '--currency', 'HKD');
  await house.ok('include', 'add', by_number);
  const wrong = await house.vestari('include', 'add', 'watch dealers');
  assert.notEqual(wrong.code, 0, 'only the exact name counts');
  assert.deepEqual((await house.ok('groups', '--json')).json.filter((group) => group.included).map((group) => group.jid).sort(),
    [dealers, by_number].sort());
});

test('deals appear, from both ways of addressing; the counters and the spool tell it', async () => {
  const [first] = await house.post(dealers, 'anna', offer('12,400'));
  await house.post(by_number, 'carl', offer('13,500'));
  await house.post(private_group, 'ben', offer('99,999'), { count: 4 });
  await house.cleared();
  const deals = await eventually('two deals', async () => {
    const list = await house.deals();
    return list.length === 2 && list;
  });
  const one = deals.find((deal) => deal.source.message_id === first);
  assert.equal(one.reference, '126610LN');
  assert.equal(one.price_minor, 1240000);
  assert.equal(one.currency, 'HKD');
  assert.equal(one.source.group_name, 'Watch dealers HKD');
  assert.equal(one.source.sender_name, 'anna');
  assert(deals.every((deal) => deal.price_minor !== 9999900), 'a group that is not included is not read');
  const status = await eventually('an empty spool', async () => {
    const now = await house.status();
    return now.spool === 0 && now;
  });
  assert.deepEqual(status.counts, { seen: 6, dropped: 4, decrypted: 2, undecryptable: 0, messages: 2, deals: 2 });
});

test('status --json is exactly what was agreed', async () => {
  const document = (await house.ok('status', '--json')).json;
  assert.deepEqual(keys(document), ['accounts']);
  const [account] = document.accounts;
  assert.deepEqual(keys(account), ['counts', 'groups', 'last_message_at', 'linked', 'me', 'name', 'outbox', 'since', 'spool', 'state', 'warnings']);
  assert.match(account.since, time);
  assert.match(account.last_message_at, time);
  assert.match(account.me.pn, /^\d+:\d+@s\.whatsapp\.net$/);
  assert.match(account.me.lid, /^\d+:\d+@lid$/);
  for (const group of account.groups) {
    assert.deepEqual(keys(group), ['fresh', 'included', 'jid', 'last_message_at', 'name']);
    assert.equal(group.fresh, true);
  }
  assert.deepEqual(account.groups.map((group) => group.name).sort(), ['Old group', 'Watch dealers HKD']);
  assert.deepEqual(account.warnings, []);
});

test('an edit changes its deal, a revoke marks it; a stranger can do neither', async () => {
  const [id] = await house.post(dealers, 'ben', offer('15,000'));
  const deal = async () => (await house.deals()).find((one) => one.source.message_id === id);
  await eventually('the deal', deal);
  await house.post(dealers, 'anna', offer('1'), { kind: 'edit', target: id });
  await house.post(dealers, 'anna', '', { kind: 'revoke', target: id });
  await house.post(dealers, 'ben', offer('14,200'), { kind: 'edit', target: id });
  await eventually('the new price', async () => (await deal())?.price_minor === 1420000);
  assert.equal((await deal()).status, 'active', 'what it replaced is kept as edited');
  await house.post(dealers, 'ben', '', { kind: 'revoke', target: id });
  await eventually('the revoke', async () => {
    const all = (await house.ok('export', '--format', 'json')).stdout;
    return all.includes(id) ? /"status":"revoked"/.test(all) : true;
  });
});

test('events name kinds, chats and senders, and no word of what was said', async () => {
  const events = (await house.ok('events')).lines.map((line) => JSON.parse(line));
  const messages = events.filter((event) => event.type === 'message');
  const states = events.filter((event) => event.type === 'state').map((event) => event.state);
  assert.deepEqual([...new Set(messages.map((event) => event.kind))].sort(), ['edit', 'revoke', 'text']);
  for (const event of messages) {
    assert.deepEqual(keys(event).filter((key) => key !== 'at'), ['account', 'chat', 'deals', 'id', 'kind', 'sender', 'target', 'type']);
    assert([dealers, by_number].includes(event.chat));
  }
  assert(states.includes('linking') && states.includes('connected'), states.join());
  assert(!JSON.stringify(events).includes('126610LN'));
});

test('doctor finds nothing wrong, as one document', async () => {
  const { checks } = (await house.ok('doctor', '--json')).json;
  for (const check of checks) assert.deepEqual(keys(check), ['name', 'next', 'state', 'text']);
  const state = (name) => checks.find((check) => check.name === name)?.state;
  for (const name of ['configuration', 'data folder', 'master key', 'archive', 'vestari-bridge', 'vestari-ingest', 'pipe', 'connection']) {
    assert.equal(state(name), 'ok', name);
  }
});

test('an excluded group is silent from then on, its deals stay', async () => {
  const before = (await house.deals()).length;
  await house.ok('include', 'remove', by_number);
  await house.post(by_number, 'carl', offer('16,000'));
  await house.post(dealers, 'anna', offer('17,000'));
  await eventually('the one deal', async () => (await house.deals()).length === before + 1);
  await house.cleared();
  assert((await house.deals()).every((deal) => deal.price_minor !== 1600000));
});

test('a group that the account joins while it runs is listed within a minute, and read', { skip: process.env.VESTARI_ASSURE ? false : 'up to a minute: VESTARI_ASSURE=1' }, async () => {
  const { jid } = await house.control('POST', '/groups', { name: 'New dealers', members: ['anna'], tell: true });
  await eventually('it is listed', async () => (await house.ok('groups', '--json')).json.some((group) => group.name === 'New dealers'));
  await house.ok('include', 'add', 'New dealers');
  await house.post(jid, 'anna', offer('21,000'));
  await eventually('its deal', async () => (await house.deals()).some((deal) => deal.source.group_name === 'New dealers'));
});

test('unlink logs out at WhatsApp and leaves the archive; linking again reads on', async () => {
  const deals = await house.deals();
  await house.ok('unlink', '--yes');
  const status = await house.state('unlinked');
  assert.equal(status.linked, false);
  assert.deepEqual(await house.control('GET', '/devices'), [], 'the phone shows no device');
  assert.deepEqual(await house.deals(), deals);
  await house.link();
  await house.connected();
  await house.post(dealers, 'anna', offer('18,500'));
  await eventually('a deal of the new device', async () => (await house.deals()).length === deals.length + 1);
});

test('a code to type links too, and the PNG form writes a picture', async () => {
  await house.ok('unlink', '--yes');
  const picture = join(house.folder, 'code.png');
  const drawn = house.start('vestari', ['--config', house.config, 'link', '--qr', `png=${picture}`]);
  await eventually('the picture', () => drawn.stderr.includes(picture));
  assert.deepEqual([...readFileSync(picture).subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join(''), 'PNG');
  await drawn.kill('SIGINT');
  await house.state('unlinked');
  const number = `+${(await house.control('GET', '/persons')).find((one) => one.name === 'owner').pn.split('@')[0]}`;
  const typed = house.start('vestari', ['--config', house.config, '--json', 'link', '--phone', number]);
  const shown = JSON.parse(await typed.line('a code', (line) => line.includes('"code"')));
  assert.deepEqual(keys(shown), ['expires', 'text', 'type']);
  assert.match(shown.text, /^[1-9A-Z]{4}-?[1-9A-Z]{4}$/);
  assert.match(shown.expires, time);
  const entered = await house.control('POST', '/enter-code', { phone: number.slice(1), code: shown.text });
  assert.equal(entered.ok, true);
  const { code } = await typed.ended;
  assert.equal(code, 0, typed.stderr);
  const linked = typed.json().at(-1);
  assert.deepEqual(keys(linked), ['me', 'name', 'type']);
  assert.equal(linked.type, 'linked');
  await house.connected();
});
