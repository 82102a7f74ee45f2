// Real clients post; our bridge reads. Every message of an included group once, of its kind, under the author's own name; of any other
// chat nothing. The other real client in the group is the second opinion.
//
//     VESTARI_BIN=… VESTARI_PEERS=FOLDER VESTARI_PEER_KINDS=baileys-7,baileys-6 node --test read.test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { House, eventually } from '../e2e/live/house.mjs';
import { Peer } from './peers.mjs';

const bin = process.env.VESTARI_BIN;
const installed = process.env.VESTARI_PEERS;
const kinds = (process.env.VESTARI_PEER_KINDS ?? 'baileys-7,baileys-6').split(',');

// Baileys 6.17 takes a LID for a telephone number: in a group addressed by LID it finds nobody's keys.
const speaks = (peer, addressing) => addressing === 'pn' || peer.kind !== 'baileys-6';

// Clients that read every form of these groups themselves.
const secondOpinions = ['baileys-7', 'whatsmeow'];

// What the archive's owner is told of included chats: one line a message.
async function told(house) {
  return (await house.ok('events')).lines.map((line) => JSON.parse(line)).filter((event) => event.type === 'message');
}

// One round of a client in a group: posts, an edit, a revoke. What each should be told as.
async function round(peer, group, label) {
  const say = (order) => peer.say({ group, ...order });
  const expected = [];
  const offer = await say({ do: 'post', text: `WTS Rolex 126610LN 2023 full set 98,000 ${label}` });
  expected.push({ id: offer, kind: 'text', deals: 1 });
  const chatter = await say({ do: 'post', text: `good morning from ${label} ☕` });
  expected.push({ id: chatter, kind: 'text', deals: 0 });
  const typo = await say({ do: 'post', text: `Patek 5711/1A 1.05m ${label}` });
  expected.push({ id: typo, kind: 'text', deals: 1 });
  expected.push({ id: await say({ do: 'edit', id: typo, text: `Patek 5711/1A 1.1m ${label}` }), kind: 'edit', target: typo });
  expected.push({ id: await say({ do: 'revoke', id: chatter }), kind: 'revoke', target: chatter });
  return expected.map((message) => ({ chat: group, sender: peer, ...message }));
}

test(`${kinds.join(' and ')} post to groups by LID and by number, and our bridge reads them`, async () => {
  const house = await House.build({ bin, seed: 11, sim: ['--answers-after', '50', '--older-dictionary', `${installed}/dictionary-2.json`] });
  try {
    const peers = [];
    for (const [i, kind] of kinds.entries()) peers.push(await Peer.link(house, { name: `person-${i}`, kind, installed }));
    await house.up();
    await house.link();
    const group = async (name, addressing) =>
      (await house.control('POST', '/groups', { name, addressing, members: peers.map((peer) => peer.name) })).jid;
    const [lid, pn] = [await group('By LID', 'lid'), await group('By number', 'pn')];
    const family = await group('Family', 'pn');
    for (const jid of [lid, pn]) await house.ok('include', 'add', jid, '--currency', 'HKD');

    const expected = [];
    const rounds = [[lid, 'lid'], [pn, 'pn'], [family, 'pn'], [pn, 'pn'], [lid, 'lid']];
    for (const [r, [chat, addressing]] of rounds.entries()) {
      for (const peer of peers.filter((each) => speaks(each, addressing))) {
        const said = await round(peer, chat, `${peer.kind} round ${r}`);
        if (chat !== family) expected.push(...said);
      }
    }
    await house.cleared();
    await eventually('everything is in the archive', async () => (await told(house)).length >= expected.length);

    const events = await told(house);
    assert.equal(events.length, expected.length, 'each message once, and no others');
    for (const want of expected) {
      const [event, ...again] = events.filter(({ chat, id }) => chat === want.chat && id === want.id);
      assert(event, `${want.sender.kind}: ${want.kind} ${want.id} never came`);
      assert.equal(again.length, 0, `${want.id} came twice`);
      assert.equal(event.kind, want.kind);
      assert.equal(event.target ?? undefined, want.target);
      if (want.deals !== undefined) assert.equal(event.deals, want.deals, `${want.id} of ${want.sender.kind}`);
      const users = [want.sender.me.id, want.sender.me.lid].map((jid) => jid.split(/[:@]/)[0]);
      assert(users.includes(event.sender.split('@')[0]), `${event.sender} did not write ${want.id}`);
    }
    for (const peer of peers.filter(({ kind }) => secondOpinions.includes(kind))) {
      // whatsmeow tells every stanza, and as what; Baileys gives edits and revokes as changes of what it stores.
      const others = expected.filter(({ sender, kind }) => sender !== peer && (peer.kind === 'whatsmeow' || kind === 'text'));
      await eventually(`${peer.kind} read the same`, () => others.every(({ chat, id, kind }) =>
        peer.received().some((got) => got.chat === chat && got.id === id && (got.kind ?? kind) === kind)));
    }
    const status = await house.status();
    assert.equal(status.counts.undecryptable, 0);
    const edited = (await house.deals()).filter((deal) => deal.reference?.startsWith('5711') && deal.price_minor === 110000000);
    assert(edited.length > 0, 'the edit replaced the price');
    assert((await house.control('GET', '/referee')).stanzas > 0, 'the referee was there');
  } finally {
    await house.close();
  }
});
