// Pairing, logging in, being refused and being cut off, in every way that the specification leaves to the server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World, eventually, node, text } from './world.mjs';

async function inWorld(plan, run, more) {
  const world = await World.build(plan, more);
  try { await run(world); world.sound(); } finally { if (process.env.OTHER_LOG) console.error(world.reader.log()); await world.close(); }
}
const biz = node('biz', { name: 'Ann & Sons ⌚' });
const platform = node('platform', { name: 'smba' });
const props = node('client-props', {}, Buffer.from([8, 1, 16, 1]));

const pairings = [
  ['one ref, as text, no platform', { refs: 1, textRefs: true }, {}],
  ['six refs, business phone, client props, 515 long before the close', { refs: 6, restart: 'late close' }, { extras: [biz, platform, props] }],
  ['closed without 515', { refs: 2, restart: 'close only' }, { extras: [platform] }],
  ['515 and no close', { refs: 3, restart: 'leave open' }, { extras: [node('unknown', { a: 'b' }, 'text'), props] }],
  ['a hosted account', { refs: 4 }, {}, { hosted: true }],
  ['IPv6, no lid in success', { host: '::1', noLid: true }, {}],
  ['localhost by name, answers late', { host: 'localhost', activeAfter: 2000 }, {}],
];
for (const [i, [name, plan, how, account]] of pairings.entries()) {
  test(`pairing: ${name}`, () => inWorld({ style: 'any', cut: 'random', compress: 0.3, seed: i + 1, ...plan }, async (world) => {
    const link = await world.reader.link(world.service, how);
    assert.equal(link.code, 0, link.err);
    const { me } = await world.connected();
    assert.deepEqual(me, { pn: '447700900123:7@s.whatsapp.net', lid: '98765432101234:7@lid' });
    assert(link.out.split('\n').filter(Boolean).every((line) => line.startsWith('https://wa.me/')), 'only QR texts on stdout');
    await world.reader.run('include', 'add', 'Watches 🕰️ HK');
    const item = await world.post(world.watches, world.ann, text('126610LN 98k hkd'));
    await world.told([item.id]);
    await world.cleared([item]);
    const unlink = await world.reader.run('unlink', '--yes');
    assert.equal(unlink.code, 0, unlink.err);
    assert.equal((await world.reader.status()).state, 'unlinked');
    const again = world.service.links.length;
    assert.equal((await world.reader.link(world.service, how)).code, 0, 'it can be linked again');
    assert(world.service.links.length > again);
  }, { account }));
}

for (const spoil of ['hmac', 'signature']) {
  test(`pair-success with a wrong ${spoil} is refused`, () => inWorld({ seed: 3 }, async (world) => {
    const link = world.reader.start('link', '--qr', 'text');
    const qr = await eventually('a QR text', () => link.out.split('\n')[0]);
    const answer = await world.service.scan(qr, { spoil });
    assert.deepEqual(answer.content[0].attrs, { code: '401', text: `${spoil}-mismatch` });
    assert.equal(await link.ended, 77);
    assert.equal((await world.reader.status()).linked, false);
  }));
}

for (const [attrs, wanted] of [[{ reason: '402', code: '101', expire: '3600' }, 'banned'], [{ reason: '405' }, 'outdated'], [{ reason: '409' }, 'refused'], [{ reason: '418' }, 'refused'],
  [{ reason: '415' }, 'refused'], [{ reason: '400' }, 'refused'], [{ reason: '501' }, 'refused']]) {
  test(`login failure ${attrs.reason} stops: ${wanted}`, () => inWorld({ seed: 9 }, async (world) => {
    await world.reader.link(world.service);
    await world.connected();
    world.service.plan.failure = { attrs, always: true };
    world.service.current().drop();
    const { warnings } = await world.reader.state(wanted);
    assert(warnings.length > 0);
  }));
}

test('link, just after up', async () => {
  const world = await World.build({}, { hasty: true });
  try { assert.equal((await world.reader.link(world.service)).code, 0); } finally { await world.close(); }
});

test('a version too old for pairing exits 76', () => inWorld({ registerFailure: { reason: '405', location: 'x' } }, async (world) => {
  const link = await world.reader.run('link', '--qr', 'text');
  assert.equal(link.code, 76, link.err);
}));

const failures = [
  [{ reason: '401', location: 'frc' }, 'logged_out'], [{ reason: '403', location: 'frc', logout_message_header: 'Oh' }, ['logged_out', 'banned']], [{ reason: '406' }, ['logged_out', 'banned']],
  [{ reason: '419' }, ['logged_out', 'banned']],
];
test('login failures that are final', () => inWorld({}, async (world) => {
  for (const [attrs, wanted] of failures) {
    if (world.service.device) { assert.equal((await world.reader.run('unlink', '--yes')).code, 0); }
    world.service.plan.failure = undefined;
    const link = await world.reader.link(world.service);
    assert.equal(link.code, 0, link.err);
    await world.connected();
    world.service.plan.failure = { attrs, always: true };
    world.service.current().drop();
    await eventually(`${attrs.reason} -> ${wanted}`, async () => { const s = await world.reader.status(); world.last = s; return [wanted].flat().includes(s.state) && s; }, 20).catch((e) => { throw new Error(`${e.message}: ${JSON.stringify(world.last)}`); });
  }
}));

test('failures and stream errors that pass', () => inWorld({ cut: 'random' }, async (world) => {
  await world.reader.link(world.service);
  await world.connected();
  const logins = world.service.logins;
  const back = async (what, act, within = 20) => {
    const before = logins.length;
    await act();
    await eventually(`${what}: logged in again`, () => logins.length > before, within);
    await world.connected();
  };
  const error = (attrs, content) => async () => { const link = world.service.current(); link.send(node('stream:error', attrs, content)); link.close(); };
  await back('515', error({ code: '515' }));
  await back('503', error({ code: '503' }));
  await back('unknown code', error({ code: '777' }, [node('strange', {})]));
  await back('ack child', error({}, [node('ack', { class: 'message', type: 'text', id: 'ABC' })]), 30);
  await back('xmlstreamend', async () => { world.service.current().send(node('xmlstreamend', {})); world.service.current().close(); }, 40);
}));

test('replaced stops; edge routing is used by the next connection', () => inWorld({ afterLogin: [node('ib', { from: 's.whatsapp.net' }, [node('edge_routing', {}, [node('routing_info', {}, Buffer.from('route 9')), node('dns_domain', {}, Buffer.from('fb'))])])] }, async (world) => {
  await world.reader.link(world.service);
  await world.connected();
  await new Promise((wake) => setTimeout(wake, 300));
  world.service.current().drop();
  await eventually('a second login', () => world.service.logins.length === 2, 20);
  assert.equal(world.service.logins[1].routing, 'route 9');
  await world.connected();
  world.service.current().send(node('stream:error', { code: '440' }, [node('conflict', { type: 'replaced' })]));
  world.service.current().close();
  await world.reader.state('replaced');
  assert.equal(world.service.logins.length, 2);
}));

test('500 groups with odd names', () => inWorld({ style: 'any', compress: 0.5, cut: 'random' }, async (world) => {
  const { Group } = await import('./people.mjs');
  const names = ['⌚🕰️', 'ラグジュアリー時計', 'ساعات', "O'Brien \"quoted\" <b>", '', 'x'.repeat(90)];
  world.service.groups.push(...Array.from({ length: 500 }, (_, i) => new Group({ jid: `1203631${String(i).padStart(11, '0')}@g.us`, name: `${names[i % names.length]}${i < names.length ? '' : ` ${i}`}`.trim(), addressing: i % 3 ? 'lid' : 'pn', members: i % 5 ? [world.ann] : [] })));
  await world.reader.link(world.service);
  await world.connected();
  const groups = await eventually('503 groups', async () => { const g = await world.reader.json('groups'); return g.length === 503 && g; }, 20);
  for (const { jid, name } of world.service.groups) assert.equal(groups.find((each) => each.jid === jid)?.name, name);
  for (const name of ['⌚🕰️', 'ラグジュアリー時計', "O'Brien \"quoted\" <b>"]) { const add = await world.reader.run('include', 'add', name); assert.equal(add.code, 0, `${name}: ${add.err}`); }
}));
