// The server's half of Noise_XX_25519_AESGCM_SHA256 as WhatsApp speaks it and the certificate chain. Source: 10-connection.md, section 4.
import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { curve, proto } from './libraries.mjs';

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const expand = (salt, ikm) => Buffer.from(hkdfSync('sha256', ikm, salt, Buffer.alloc(0), 64));
const raw = (key) => key.subarray(1); // without libsignal's type byte 05
const typed = (key) => Buffer.concat([Buffer.from([5]), key]);

function nonce(n) {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(n, 8);
  return bytes;
}

function seal(key, n, aad, plain) {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(n)).setAAD(aad);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key, n, aad, sealed) {
  const cut = sealed.length - 16;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(n)).setAAD(aad).setAuthTag(sealed.subarray(cut));
  return Buffer.concat([decipher.update(sealed.subarray(0, cut)), decipher.final()]);
}

// A root, an intermediate and a leaf for one server.
export class Authority {
  constructor({ now = Math.floor(Date.now() / 1000), notBefore = now - 3600, notAfter = now + 86400, intermediateSerial = 3 } = {}) {
    this.root = curve.generateKeyPair();
    this.server = curve.generateKeyPair();
    const middle = curve.generateKeyPair();
    const certificate = (details, signer) => {
      const bytes = Buffer.from(proto.CertChain.NoiseCertificate.Details.encode({ ...details, notBefore, notAfter }).finish());
      return { details: bytes, signature: curve.calculateSignature(signer.privKey, bytes) };
    };
    this.chain = Buffer.from(proto.CertChain.encode({
      leaf: certificate({ serial: 77, issuerSerial: intermediateSerial, key: raw(this.server.pubKey) }, middle),
      intermediate: certificate({ serial: intermediateSerial, issuerSerial: 0, key: raw(middle.pubKey) }, this.root),
    }).finish());
  }
  get rootHex() { return raw(this.root.pubKey).toString('hex'); }
}

export class Responder {
  constructor(authority) {
    this.authority = authority;
    const name = Buffer.alloc(32);
    name.write('Noise_XX_25519_AESGCM_SHA256');
    Object.assign(this, { h: name, ck: name, k: name, n: 0 });
    this.hash(Buffer.from([0x57, 0x41, 6, 3]));
  }
  hash(data) { this.h = sha256(this.h, data); }
  mix(ikm) {
    const okm = expand(this.ck, ikm);
    Object.assign(this, { ck: okm.subarray(0, 32), k: okm.subarray(32), n: 0 });
  }
  encrypt(plain) { const c = seal(this.k, this.n++, this.h, plain); this.hash(c); return c; }
  decrypt(sealed) { const p = open(this.k, this.n++, this.h, sealed); this.hash(sealed); return p; }

  answer(frame) {
    const { clientHello } = proto.HandshakeMessage.decode(frame);
    if (clientHello.ephemeral.length !== 32) throw new Error('client hello: no ephemeral key of 32 bytes');
    this.theirs = Buffer.from(clientHello.ephemeral);
    this.hash(this.theirs);
    this.mine = curve.generateKeyPair();
    this.hash(raw(this.mine.pubKey));
    this.mix(curve.calculateAgreement(typed(this.theirs), this.mine.privKey));
    const fixed = this.encrypt(raw(this.authority.server.pubKey));
    this.mix(curve.calculateAgreement(typed(this.theirs), this.authority.server.privKey));
    const payload = this.encrypt(this.authority.chain);
    return Buffer.from(proto.HandshakeMessage.encode({ serverHello: { ephemeral: raw(this.mine.pubKey), static: fixed, payload } }).finish());
  }

  finish(frame) {
    const { clientFinish } = proto.HandshakeMessage.decode(frame);
    const key = this.decrypt(Buffer.from(clientFinish.static));
    this.mix(curve.calculateAgreement(typed(key), this.mine.privKey));
    const payload = proto.ClientPayload.decode(this.decrypt(Buffer.from(clientFinish.payload)));
    const okm = expand(this.ck, Buffer.alloc(0));
    let sent = 0;
    let received = 0;
    return {
      key,
      payload,
      open: (sealed) => open(okm.subarray(0, 32), received++, Buffer.alloc(0), sealed),
      seal: (plain) => seal(okm.subarray(32), sent++, Buffer.alloc(0), plain),
    };
  }
}
