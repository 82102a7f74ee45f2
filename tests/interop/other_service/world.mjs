// A house for one test: the service, the reader, two people and three groups; and what people do.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { Group, Person, messageId } from './people.mjs';
import { Reader, eventually } from './reader.mjs';
import { Service, node } from './service.mjs';

export { Group, Person, eventually, messageId, node };
export const text = (words) => ({ conversation: words });
export const seconds = () => String(Math.floor(Date.now() / 1000));

export class World {
  static async build(plan = {}, { account, config, hasty } = {}) {
    const world = new World();
    world.reader = new Reader(resolve(process.env.VESTARI_BIN));
    world.service = await new Service({ folder: world.reader.folder, plan, account }).start();
    world.ann = new Person({ pn: '15550001111', lid: '111222333444555', name: 'Ann ⌚' });
    world.bob = new Person({ pn: '85290001111', lid: '211222333444555', device: 12, name: 'Bob' });
    const members = [world.ann, world.bob];
    world.watches = new Group({ jid: '120363000000000001@g.us', name: 'Watches 🕰️ HK', members });
    world.old = new Group({ jid: '15550001111-1600000000@g.us', name: 'Old group', addressing: 'pn', members });
    world.family = new Group({ jid: '120363000000000003@g.us', name: 'Family', members });
    world.service.groups = [world.watches, world.old, world.family];
    world.service.retried = (receipt, item) => world.resend(receipt, item);
    world.retries = [];
    world.reader.configure(world.service, config);
    await world.reader.up(hasty);
    return world;
  }
  // Linked, connected, both trade groups included.
  static async linked(plan, more) {
    const world = await World.build(plan, more);
    try {
      const link = await world.reader.link(world.service, more?.how);
      assert.equal(link.code, 0, link.err);
      await world.connected();
      for (const group of [world.watches, world.old]) assert.equal((await world.reader.run('include', 'add', group.jid)).code, 0);
    } catch (error) { await world.close(); throw error; }
    return world;
  }
  connected() { return this.reader.state('connected'); }
  close() { this.service.close(); return this.reader.remove(); }

  async post(group, person, message, { redistribute = false, id = messageId(), attrs = {}, enc = {}, only } = {}) {
    const content = [];
    if (redistribute || !person.informed.has(group.jid)) {
      content.push(await person.pairwise(await person.distribution(group.jid), () => this.service.bundle()));
      person.informed.add(group.jid);
    }
    content.push(await person.forGroup(group.jid, message, enc));
    const chosen = only ? content.filter((each) => each.attrs.type === only) : content;
    return this.service.post(node('message', group.from(person, { id, t: seconds(), type: 'text', ...attrs }), chosen), { person, id, message, group });
  }

  // What a sender's client does when asked again: a new session from the keys, and the message with its group's key for this reader alone.
  async resend(receipt, item) {
    this.retries.push(receipt);
    const { person, group, message, id } = item;
    const [retry, registration, keys] = receipt.content;
    const { device } = this.service;
    assert.equal(registration.content.readUInt32BE(), device.registrationId);
    if (keys) {
      const [, identity, one, signed] = keys.content;
      const typed = (key) => Buffer.concat([Buffer.from([5]), key]);
      assert(identity.content.equals(device.identity));
      await person.session({ identityKey: typed(identity.content), registrationId: device.registrationId,
        signedPreKey: { keyId: signed.content[0].content.readUIntBE(0, 3), publicKey: typed(signed.content[1].content), signature: signed.content[2].content },
        preKey: { keyId: one.content[0].content.readUIntBE(0, 3), publicKey: typed(one.content[1].content) } });
    }
    const again = await person.pairwise({ ...message, ...(await person.distribution(group.jid)) }, () => this.service.bundle(), { count: retry.attrs.count });
    this.service.post({ ...item.stanza, content: [again] }, { person, group, message, id });
  }

  async cleared(items, what = 'everything is cleared') { await eventually(what, () => items.every(({ cleared }) => cleared)); }
  async told(ids, seconds) {
    let events = [];
    await eventually(`${ids.length} events`, async () => { events = await this.reader.events(); return ids.every((id) => events.some((event) => event.id === id)); }, seconds)
      .catch((error) => { throw new Error(`${error.message}; got ${JSON.stringify(events.map(({ id, kind }) => [id, kind]))} of ${ids}`); });
    for (const id of ids) assert.equal(events.filter((event) => event.id === id).length, 1, `${id} told once`);
    return events;
  }
  sound() { assert.deepEqual(this.service.violations, []); }
}
