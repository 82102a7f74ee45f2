// People who write to groups, each with one device and the real client's Signal code, and groups. Source: 20-messages.md, sections 2 and 3.
import { randomBytes } from 'node:crypto';
import { curve, group, proto, signal } from './libraries.mjs';

const { GroupCipher, GroupSessionBuilder, SenderKeyName, SenderKeyRecord } = group;

export function padded(message) {
  const bytes = proto.Message.encode(message).finish();
  const n = 1 + (randomBytes(1)[0] % 15);
  return Buffer.concat([bytes, Buffer.alloc(n, n)]);
}

export class Person {
  constructor({ pn, lid, device = 0, name }) {
    Object.assign(this, { pn, lid, device, name, identity: curve.generateKeyPair(), registrationId: 1 + (randomBytes(2).readUInt16BE() & 0x3fff) });
    this.sessions = new Map();
    this.senderKeys = new Map();
    this.informed = new Set();
    this.sent = new Map();
    this.store = {
      loadSession: async (id) => this.sessions.get(id),
      storeSession: async (id, record) => { this.sessions.set(id, record); },
      isTrustedIdentity: () => true,
      getOurIdentity: async () => this.identity,
      getOurRegistrationId: async () => this.registrationId,
      loadSenderKey: async (name) => {
        if (!this.senderKeys.has(`${name}`)) this.senderKeys.set(`${name}`, new SenderKeyRecord());
        return this.senderKeys.get(`${name}`);
      },
      storeSenderKey: async (name, record) => { this.senderKeys.set(`${name}`, record); },
    };
    this.address = new signal.ProtocolAddress('reader', 1);
  }
  jid(server) { return `${server === 'lid' ? this.lid : this.pn}${this.device ? `:${this.device}` : ''}@${server}`; }

  async session(bundle) { await new signal.SessionBuilder(this.store, this.address).initOutgoing(bundle); }

  // One <enc> for the reader alone; `bundle` gives the reader's published keys, and takes a one-time key, when there is no session.
  async pairwise(message, bundle, attrs = {}) {
    if (!this.sessions.has(this.address.toString())) await this.session(bundle());
    const { type, body } = await new signal.SessionCipher(this.store, this.address).encrypt(padded(message));
    return { tag: 'enc', attrs: { v: '2', type: type === 3 ? 'pkmsg' : 'msg', ...attrs }, content: Buffer.from(body) };
  }

  keyName(jid) { return new SenderKeyName(jid, { id: this.lid, deviceId: this.device, toString: () => `${this.lid}.${this.device}` }); }
  async distribution(jid) {
    const made = await new GroupSessionBuilder(this.store).create(this.keyName(jid));
    return { senderKeyDistributionMessage: { groupId: jid, axolotlSenderKeyDistributionMessage: made.serialize() } };
  }
  async forGroup(jid, message, attrs = {}) {
    const body = await new GroupCipher(this.store, this.keyName(jid)).encrypt(padded(message));
    return { tag: 'enc', attrs: { v: '2', type: 'skmsg', ...attrs }, content: Buffer.from(body) };
  }
  rotate(jid) { this.senderKeys.delete(`${this.keyName(jid)}`); this.informed.delete(jid); }
}

let counter = 0;
export const messageId = () => ['3EB0', '3A', 'AC'][counter++ % 3] + randomBytes(9).toString('hex').toUpperCase();

export class Group {
  constructor({ jid, name, addressing = 'lid', members = [] }) { Object.assign(this, { jid, name, addressing, members }); }

  node({ full }) {
    const lid = this.addressing === 'lid';
    const participants = this.members.map((person, i) => ({
      tag: 'participant',
      attrs: { jid: lid ? `${person.lid}@lid` : `${person.pn}@s.whatsapp.net`, ...(lid ? { phone_number: `${person.pn}@s.whatsapp.net` } : { lid: `${person.lid}@lid` }),
        ...(i === 0 ? { type: 'superadmin' } : {}) },
    }));
    const text = { tag: 'description', attrs: { id: '3EB0AA', t: '1700000000' }, content: [{ tag: 'body', attrs: {}, content: Buffer.from('rules 📜') }] };
    return { tag: 'group', attrs: { id: this.jid.split('@')[0], subject: this.name, s_t: '1700000000', creation: '1690000000', size: String(this.members.length + 1),
      addressing_mode: this.addressing, p_v_id: '1' }, content: [...(full ? participants : []), text, { tag: 'member_add_mode', attrs: {}, content: Buffer.from('all_member_add') }] };
  }

  // Attributes of a stanza that a member's device sent here.
  from(person, rest) {
    const lid = this.addressing === 'lid';
    return { from: this.jid, participant: person.jid(lid ? 'lid' : 's.whatsapp.net'), addressing_mode: this.addressing,
      ...(lid ? { participant_pn: `${person.pn}@s.whatsapp.net` } : { participant_lid: `${person.lid}@lid` }), notify: person.name, ...rest };
  }
}
