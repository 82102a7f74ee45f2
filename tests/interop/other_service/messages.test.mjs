// What people do in groups, written by real Signal code, read by our programs over the second service.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { World, eventually, messageId, node, seconds, text } from './world.mjs';

const noisy = { style: 'any', cut: 'random', compress: 0.4, seed: 11 };
async function inWorld(plan, run, more) {
  const world = await World.linked({ ...noisy, ...plan }, more);
  try { await run(world); world.sound(); } finally { if (process.env.OTHER_LOG) console.error(world.reader.log()); await world.close(); }
}

test('texts of both addressings, later messages, redistributed and rotated keys', () => inWorld({}, async (world) => {
  const { watches, old, family, ann, bob } = world;
  const items = [];
  const told = [];
  for (const group of [watches, old, family]) for (const person of [ann, bob]) {
    const said = [await world.post(group, person, text('WTS Rolex 126610LN 2023 full set 98,000 HKD')),
      await world.post(group, person, { extendedTextMessage: { text: 'Patek 5711/1A 1.05m hkd' } }),
      await world.post(group, person, text('again, with the key'), { redistribute: true })];
    person.rotate(group.jid);
    said.push(await world.post(group, person, text('a new key')));
    items.push(...said);
    if (group !== family) told.push(...said.map(({ id }) => id));
  }
  await world.cleared(items);
  for (const { cleared, group } of items) assert.equal(`${cleared.tag} ${cleared.attrs.type}`, group === family ? 'ack undefined' : 'receipt inactive');
  const events = await world.told(told);
  assert.equal(events.length, told.length);
  assert.equal(world.retries.length, 0);
  await eventually('the spool is empty', async () => (await world.reader.status()).spool === 0, 20);
}));

test('a key that never came: asked for once, answered, and what waited is read', () => inWorld({}, async (world) => {
  const { watches, ann } = world;
  await world.post(watches, ann, text('lost key'), { only: 'skmsg', id: 'LOST1' });
  const items = [await world.post(watches, ann, text('second'), { id: 'LOST2' }), await world.post(watches, ann, text('third'), { id: 'LOST3' })];
  await world.told(['LOST1', 'LOST2', 'LOST3'], 30);
  await world.cleared([...world.service.queue]);
  assert(world.retries.length >= 1);
  assert(items.every(({ cleared }) => cleared));
}));

test('a broken session: the retry carries keys in the end', () => inWorld({}, async (world) => {
  const { watches, bob } = world;
  const content = [await bob.pairwise(await bob.distribution(watches.jid), () => world.service.bundle())];
  content[0].content[content[0].content.length - 12] ^= 0x55;
  content.push(await bob.forGroup(watches.jid, text('WTB 116500LN')));
  bob.informed.add(watches.jid);
  world.service.post(node('message', watches.from(bob, { id: 'BROKEN1', t: seconds(), type: 'text' }), content), { person: bob, group: watches, message: text('WTB 116500LN'), id: 'BROKEN1' });
  await world.told(['BROKEN1'], 30);
  await world.cleared([...world.service.queue]);
}));

test('captions, edits, revokes, wrappers, and kinds that say nothing', () => inWorld({}, async (world) => {
  const { watches, ann, bob } = world;
  await eventually('it asks who administers the group', () => world.service.seen.some(({ attrs }) => attrs.xmlns === 'w:g2' && attrs.to === watches.jid), 10);
  const file = { mimetype: 'image/jpeg', mediaKey: randomBytes(32), fileEncSha256: randomBytes(32), fileSha256: randomBytes(32), fileLength: 1000, directPath: '/v/t62/x?ccb=1', height: 10, width: 10 };
  const image = await world.post(watches, ann, { imageMessage: { ...file, caption: 'WTS Rolex 124060 2022 75,000 hkd' } }, { attrs: { type: 'media' }, enc: { mediatype: 'image' } });
  const bare = await world.post(watches, ann, { imageMessage: file }, { attrs: { type: 'media' }, enc: { mediatype: 'image' } });
  const wrapped = await world.post(watches, bob, { ephemeralMessage: { message: { extendedTextMessage: { text: 'WTS AP 15500ST 180k hkd', contextInfo: { expiration: 604800 } } } } });
  const video = await world.post(watches, bob, { videoMessage: { ...file, mimetype: 'video/mp4', caption: 'see video 126710BLRO 120k' } }, { attrs: { type: 'media' } });
  const document = await world.post(watches, bob, { documentWithCaptionMessage: { message: { documentMessage: { ...file, fileName: 'list.pdf', caption: 'price list 5980 2.1m' } } } });
  const reaction = await world.post(watches, bob, { reactionMessage: { key: { remoteJid: watches.jid, id: image.id }, text: '👍' } }, { attrs: { type: 'reaction' } });
  const edit = await world.post(watches, ann, { editedMessage: { message: { protocolMessage: { key: { remoteJid: watches.jid, fromMe: true, id: image.id }, type: 14,
    editedMessage: { imageMessage: { ...file, caption: 'WTS Rolex 124060 2022 73,000 hkd' } }, timestampMs: Date.now() } } } }, { attrs: { edit: '1' } });
  const bareEdit = await world.post(watches, bob, { protocolMessage: { key: { remoteJid: watches.jid, fromMe: true, id: wrapped.id }, type: 14,
    editedMessage: { conversation: 'WTS AP 15500ST 175k hkd' }, timestampMs: Date.now() } }, { attrs: { edit: '1' } });
  const revoke = await world.post(watches, bob, { protocolMessage: { key: { remoteJid: watches.jid, fromMe: true, id: video.id }, type: 0 } }, { attrs: { edit: '7' }, enc: { 'decrypt-fail': 'hide' } });
  const forged = await world.post(watches, bob, { protocolMessage: { key: { remoteJid: watches.jid, fromMe: true, id: image.id }, type: 0 } }, { attrs: { edit: '7' } });
  const admin = await world.post(watches, ann, { protocolMessage: { key: { remoteJid: watches.jid, fromMe: false, participant: bob.jid('lid').replace(/:\d+/, ''), id: document.id }, type: 0 } }, { attrs: { edit: '8' } });
  await world.cleared([image, bare, wrapped, video, document, reaction, edit, bareEdit, revoke, forged, admin]);
  const events = await world.told([image, wrapped, video, document, edit, bareEdit, revoke, admin].map(({ id }) => id));
  const kind = (item) => events.find(({ id }) => id === item.id)?.kind;
  assert.deepEqual([image, bare, wrapped, video, document, reaction, edit, bareEdit, revoke, forged, admin].map(kind),
    ['image', 'image', 'text', 'video', 'document', undefined, 'edit', 'edit', 'revoke', undefined, 'revoke']);
  const deals = (await world.reader.json('deals')).map(({ reference, price_minor: price, status }) => [reference, price, status]).sort();
  assert.deepEqual(deals, [['124060', 7300000, 'active'], ['15500ST', 17500000, 'active']]);
}));

test('redelivery after cuts of everything not cleared, duplicates while connected', () => inWorld({}, async (world) => {
  const { watches, ann, bob, service } = world;
  const items = [];
  for (let i = 0; i < 40; i += 1) {
    items.push(await world.post(watches, i % 2 ? ann : bob, text(`offer ${i}: 126610LV ${90 + i}k hkd`)));
    if (i % 7 === 3) service.current()?.drop();
    if (i % 5 === 1 && service.current()?.active) service.deliver(service.current(), items.at(-1));
  }
  await world.cleared(items, 'all 40 cleared');
  for (const item of items.slice(0, 5)) item.cleared = undefined; // the server lost our receipts
  await world.connected();
  service.current().drop();
  await world.cleared(items, 'cleared again');
  const events = await world.told(items.map(({ id }) => id));
  assert.equal(events.length, 40);
  assert.equal(world.retries.length, 0, JSON.stringify(world.retries));
}));

test('everything else that a server sends is cleared as it must be, or left alone', () => inWorld({}, async (world) => {
  const { watches, ann, service } = world;
  const s = 's.whatsapp.net';
  const direct = await ann.pairwise(text('private'), () => service.bundle());
  const own = `${service.phone.pn.split(':')[0]}@${s}`;
  const post = (tag, attrs, content) => service.post(node(tag, { id: messageId(), t: seconds(), ...attrs }, content));
  watches.name = 'Watches renamed ✨';
  const items = [
    post('message', { from: `${ann.pn}@${s}`, type: 'text', sender_lid: `${ann.lid}@lid`, notify: 'Ann' }, [direct]),
    post('message', { from: 'status@broadcast', participant: `${ann.pn}@${s}`, type: 'media' }, [direct]),
    post('message', { from: '120363111111111@newsletter', type: 'text', server_id: '123' }, [node('plaintext', {}, Buffer.from('x'))]),
    post('message', { from: watches.jid, participant: `${ann.lid}@lid`, addressing_mode: 'lid', type: 'text' }, [node('unavailable', { type: 'view_once' })]),
    post('message', { from: watches.jid, participant: `${ann.lid}@lid`, addressing_mode: 'lid', type: 'text' }, [node('enc', { v: '2', type: 'msmsg' }, Buffer.from('zz'))]),
    post('message', { from: watches.jid, participant: `${ann.lid}@lid`, addressing_mode: 'lid', type: 'text' }, [node('enc', { v: '3', type: 'skmsg' }, Buffer.from('zz'))]),
    post('message', { from: watches.jid, type: 'text' }, [direct]),
    post('message', { from: own, recipient: `${ann.pn}@${s}`, type: 'text' }, [direct]),
    post('message', { from: '867051314767696@bot', type: 'text' }, [direct]),
    post('receipt', { from: `${ann.pn}@${s}`, type: 'read' }), post('receipt', { from: watches.jid, participant: `${ann.lid}:3@lid` }),
    post('call', { from: `${ann.pn}@${s}` }, [node('offer', { 'call-id': 'A', 'call-creator': `${ann.pn}@${s}` })]),
    post('notification', { from: s, type: 'encrypt' }, [node('count', { value: '3' })]),
    post('notification', { from: `${ann.pn}@${s}`, type: 'encrypt' }, [node('identity', {})]),
    post('notification', { from: s, type: 'server_sync' }, [node('collection', { name: 'regular', version: '3' })]),
    post('notification', { from: `${ann.pn}@${s}`, type: 'devices', lid: `${ann.lid}@lid` }, [node('add', { device_hash: '2:x' }, [node('device', { jid: `${ann.pn}:9@${s}`, 'key-index': '3' })])]),
    post('notification', { from: watches.jid, type: 'w:gp2', participant: `${ann.lid}@lid` }, [node('subject', { subject: 'Watches renamed ✨', s_t: seconds(), s_o: `${ann.lid}@lid` })]),
    post('notification', { from: world.family.jid, type: 'w:gp2' }, [node('promote', {}, [node('participant', { jid: `${ann.lid}@lid` })])]),
    post('notification', { from: watches.jid, type: 'w:gp2' }, [node('something_new', { x: '1' })]),
    ...['picture', 'status', 'contacts', 'privacy_token', 'newsletter', 'mex', 'business', 'psa', 'pay', 'disappearing_mode', 'account_sync', 'mediaretry', 'from_the_future', 'link_code_companion_reg', 'passkey_prologue_request']
      .map((type) => post('notification', { from: `${ann.pn}@${s}`, type }, [node('set', { id: '1' }), node('weird', {}, 'text content')])),
    post('notification', { from: s, type: 'empty' }),
  ];
  service.current().send(node('presence', { from: `${ann.pn}@${s}`, type: 'unavailable' }), node('chatstate', { from: `${ann.pn}@${s}` }, [node('composing')]), node('mystery', { id: 'm1', from: s }),
    node('ack', { class: 'message', id: 'nobody', from: s }), node('iq', { from: s, type: 'get', id: 'q1', xmlns: 'urn:xmpp:whatsapp:unknown' }, [node('thing')]),
    node('iq', { from: s, type: 'set', id: 'q2', xmlns: 'md' }, [node('new-thing')]), node('iq', { from: s, type: 'result', id: 'never-asked' }),
    node('ib', { from: s }, [node('thread_metadata', {}), node('new_child', { a: 'b' })]), node('ib', { from: s }, [node('dirty', { type: 'groups', timestamp: '1700000000' })]),
    node('ib', { from: s }, [node('dirty', { type: 'account_sync', timestamp: '1700000001' })]));
  const pongs = [['p1', undefined], [undefined, undefined], ['p2', [node('ping')]]];
  for (const [id, content] of pongs) {
    const before = service.seen.length;
    if (id) service.wait(service.current(), id, () => {}); else service.plan.strictAnswers = false;
    service.current().send(node('iq', { from: s, type: 'get', xmlns: 'urn:xmpp:ping', t: seconds(), ...(id ? { id } : {}) }, content));
    await eventually(`pong ${id}`, () => service.seen.slice(before).some((each) => each.tag === 'iq' && each.attrs.type === 'result' && each.attrs.id === id), 10);
  }
  await world.cleared(items).catch((error) => { throw new Error(`${error.message}: ${JSON.stringify(items.filter(({ cleared }) => !cleared).map(({ stanza }) => stanza))}`); });
  const named = (wanted) => items.find(({ stanza }) => Object.entries(wanted).every(([name, value]) => stanza.attrs[name] === value)).cleared;
  assert.equal(named({ from: own }).attrs.type, 'sender');
  assert.equal(named({ from: watches.jid, participant: undefined, type: 'text' }).attrs.error, '487');
  for (const { stanza, cleared } of items.filter(({ stanza: { tag } }) => tag === 'notification')) {
    const identity = stanza.content?.[0].tag === 'identity';
    assert.equal(cleared.attrs.type, identity ? undefined : stanza.attrs.type, 'the ack has the type of the notification');
  }
  await eventually('the new name', async () => (await world.reader.json('groups')).find(({ jid }) => jid === watches.jid)?.name === watches.name, 20);
  const after = await world.post(watches, ann, text('still alive'));
  await world.told([after.id]);
  assert.equal(service.logins.length, 1);
}));
