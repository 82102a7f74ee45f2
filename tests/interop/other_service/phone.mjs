// The owner's phone: reads a QR text and signs the new device in. Source: 10-connection.md, sections 7.6 to 7.8.
import { createHmac } from 'node:crypto';
import { curve, proto } from './libraries.mjs';

export class Phone {
  constructor({ pn, lid, device, hosted = false }) {
    Object.assign(this, { pn: `${pn}:${device}@s.whatsapp.net`, lid: `${lid}:${device}@lid`, hosted, identity: curve.generateKeyPair() });
  }

  // The pair-success stanza for the device behind a QR text; spoil: 'hmac' or 'signature'.
  answer(qr, { id, spoil, extras = [] }) {
    const fields = qr.replace('https://wa.me/settings/linked_devices#', '').split(',');
    if (!qr.startsWith('https://wa.me/settings/linked_devices#') || fields.length !== 5) throw new Error('not a QR text of five fields');
    const [noise, identity, secret] = fields.slice(1, 4).map((text) => Buffer.from(text, 'base64'));
    if ([noise, identity, secret].some((each) => each.length !== 32) || !/^[1-9c]$/.test(fields[4])) throw new Error('bad QR fields');
    this.device = { noise, identity, ref: fields[0] };
    const kind = this.hosted ? 1 : 0;
    const details = Buffer.from(proto.ADVDeviceIdentity.encode({ rawId: 123456, timestamp: Math.floor(Date.now() / 1000), keyIndex: 2, accountType: kind, deviceType: kind }).finish());
    const signed = Buffer.concat([Buffer.from([6, this.hosted ? 5 : 0]), details, identity]);
    const accountSignature = curve.calculateSignature(this.identity.privKey, signed);
    if (spoil === 'signature') accountSignature[5] ^= 1;
    const account = Buffer.from(proto.ADVSignedDeviceIdentity.encode({ details, accountSignatureKey: this.identity.pubKey.subarray(1), accountSignature }).finish());
    const hmac = createHmac('sha256', secret).update(Buffer.concat([this.hosted ? Buffer.from([6, 5]) : Buffer.alloc(0), account])).digest();
    if (spoil === 'hmac') hmac[0] ^= 1;
    this.details = details;
    const container = proto.ADVSignedDeviceIdentityHMAC.encode({ details: account, hmac, ...(this.hosted ? { accountType: 1 } : {}) }).finish();
    const content = [
      { tag: 'device-identity', attrs: {}, content: Buffer.from(container) },
      { tag: 'device', attrs: { jid: this.pn, lid: this.lid } },
      ...extras,
    ];
    return { tag: 'iq', attrs: { from: 's.whatsapp.net', type: 'set', id, t: String(Math.floor(Date.now() / 1000)), xmlns: 'md' },
      content: [{ tag: 'pair-success', attrs: {}, content }] };
  }

  // Whether the device's answer is signed as it must be, without the account's key.
  verify(answer) {
    const node = answer.content[0].content[0];
    const { details, accountSignatureKey, deviceSignature } = proto.ADVSignedDeviceIdentity.decode(node.content);
    const message = Buffer.concat([Buffer.from([6, 1]), Buffer.from(details), this.device.identity, this.identity.pubKey.subarray(1)]);
    return node.attrs['key-index'] === '2' && !accountSignatureKey?.length && Buffer.from(details).equals(this.details) &&
      curve.verifySignature(Buffer.concat([Buffer.from([5]), this.device.identity]), message, Buffer.from(deviceSignature)) === true;
  }
}
