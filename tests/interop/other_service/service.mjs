// A second WhatsApp-like service, written from the wire specification alone, so that our client is not only judged by our own simulation.
// `plan` says how it behaves where the specification leaves a choice. It keeps a queue per device: what is not cleared comes again.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { curve, WebSocketServer } from './libraries.mjs';
import { Encoder } from './encoder.mjs';
import { Link } from './link.mjs';
import { Authority } from './noise.mjs';
import { Phone } from './phone.mjs';

const S = 's.whatsapp.net';
const now = () => String(Math.floor(Date.now() / 1000));
export const node = (tag, attrs = {}, content = undefined) => ({ tag, attrs, content });
const child = (parent, tag) => (Array.isArray(parent?.content) ? parent.content.find((each) => each.tag === tag) : undefined);

export class Service {
  constructor({ folder, plan = {}, account = {} }) {
    this.plan = { host: '127.0.0.1', refs: 6, seed: 1, style: 'plain', cut: 'whole', compress: 0, ...plan };
    this.authority = new Authority(plan.certificate);
    if (plan.strangeRoot) this.authority.root = curve.generateKeyPair(); // what the reader is told; the chain stays
    this.encoder = new Encoder(this.plan);
    this.phone = new Phone({ pn: '447700900123', lid: '98765432101234', device: 7, ...account });
    Object.assign(this, { folder, groups: [], people: [], queue: [], violations: [], preKeys: [], usedIds: new Set(), links: [], logins: [], pending: new Map(), seen: [], requests: [] });
  }

  async start() {
    const [key, cert] = [join(this.folder, 'tls.key'), join(this.folder, 'tls.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-days', '3',
      '-subj', '/CN=other service', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1'], { stdio: 'ignore' });
    this.ca = cert;
    this.http = createServer({ key: readFileSync(key), cert: readFileSync(cert), minVersion: 'TLSv1.3' }, (request, response) => {
      this.requests.push(`${request.method} ${request.url}`);
      response.writeHead(404).end();
    });
    new WebSocketServer({ server: this.http, perMessageDeflate: true }).on('connection', (socket, request) => {
      if (request.url !== '/ws/chat') this.violation(`path ${request.url}`, {});
      this.requests.push({ url: request.url, headers: request.headers });
      this.links.push(new Link(socket, this));
    });
    await new Promise((ready) => this.http.listen(0, this.plan.host === 'localhost' ? '127.0.0.1' : this.plan.host, ready));
    this.port = this.http.address().port;
    this.url = `wss://${this.plan.host === '::1' ? '[::1]' : this.plan.host}:${this.port}/ws/chat`;
    return this;
  }
  close() { this.closing = true; for (const link of this.links) link.drop(); this.http.close(); }

  log(way, what) { if (process.env.OTHER_LOG) process.stderr.write(`${way} ${JSON.stringify(what, (_, v) => (v?.type === 'Buffer' ? `<${v.data.length}>` : v)).slice(0, 600)}\n`); }
  violation(what, stanza) { this.violations.push(`${what}: ${JSON.stringify(stanza)}`); this.log('!', what); }
  current() { return this.links.findLast(({ state }) => state === 'open'); }
  gone(link, code) { this.log('x', { code }); for (const [id, wait] of this.pending) if (wait.link === link) this.pending.delete(id); }

  // --- login and pairing
  opened(link, { key, payload }) {
    link.payload = payload;
    this.log('<', { login: payload.username?.toString() ?? null, pull: payload.pull, passive: payload.passive });
    if (!payload.username) return this.register(link, key, payload);
    this.logins.push({ payload, routing: link.routing?.toString(), at: Date.now() });
    const same = this.device && key.equals(this.device.noise);
    if (!same || `${payload.username}:${payload.device}@${S}` !== this.phone.pn || payload.devicePairingData || payload.passive !== true) this.violation('login payload', payload);
    if (this.plan.failure) {
      const failure = this.plan.failure;
      if (!failure.always) this.plan.failure = undefined;
      link.send(node('failure', failure.attrs));
      return link.close();
    }
    if (this.unlinked) { link.send(node('failure', { reason: '401', location: 'frc' })); return link.close(); }
    link.send(...(this.plan.beforeSuccess ?? []), node('success', { t: now(), ...(this.plan.noLid ? {} : { lid: this.phone.lid }), props: '27', location: 'frc', abprops: '3', group_abprops: '4', companion_enc_static: 'x' }));
    if (this.plan.offlinePreview) link.send(node('ib', { from: S }, [node('offline_preview', { count: String(this.queue.length), message: '1', receipt: '0', notification: '0', appdata: '0' })]));
    return undefined;
  }

  register(link, key, payload) {
    const data = payload.devicePairingData;
    const skey = Buffer.concat([Buffer.from([5]), Buffer.from(data.eSkeyVal)]);
    const good = data.eRegid.length === 4 && data.eKeytype.length === 1 && data.eKeytype[0] === 5 && data.eIdent.length === 32 && data.eSkeyId.length === 3 && data.buildHash.length === 16 &&
      curve.verifySignature(Buffer.concat([Buffer.from([5]), Buffer.from(data.eIdent)]), skey, Buffer.from(data.eSkeySig)) === true && payload.passive === false && payload.device == null;
    if (!good) this.violation('registration payload', payload);
    if (this.plan.registerFailure) { link.send(node('failure', this.plan.registerFailure)); return link.close(); }
    this.registration = { noise: key, identity: Buffer.from(data.eIdent), registrationId: Buffer.from(data.eRegid).readUInt32BE(),
      signed: { keyId: Buffer.from(data.eSkeyId).readUIntBE(0, 3), publicKey: skey, signature: Buffer.from(data.eSkeySig) } };
    this.refs = Array.from({ length: this.plan.refs }, (_, i) => `2@${Buffer.from(`ref-${i}-${key.toString('hex')}`).toString('base64')}`);
    const id = `${this.encoder.rng.below(1e9)}`;
    const content = this.refs.map((ref, i) => node('ref', {}, this.plan.textRefs && i % 2 === 0 ? ref : Buffer.from(ref)));
    link.send(node('iq', { from: S, type: 'set', id, xmlns: 'md' }, [node('pair-device', {}, content)]));
    this.wait(link, id, () => { link.pairing = true; });
    return undefined;
  }

  // The phone scans; resolves with the client's answer.
  scan(qr, how = {}) {
    const link = this.current();
    const id = `pair-${this.encoder.rng.below(1e6)}`;
    link.send(this.phone.answer(qr, { id, ...how }));
    if (!this.phone.device.noise.equals(this.registration.noise) || !this.phone.device.identity.equals(this.registration.identity) || !this.refs.includes(this.phone.device.ref)) this.violation('QR text', qr);
    return new Promise((answered) => this.wait(link, id, (reply) => {
      answered(reply);
      if (reply.attrs.type !== 'result') { link.close(); return; }
      if (!this.phone.verify(reply)) this.violation('pair-device-sign', reply);
      Object.assign(this, { device: this.registration, unlinked: false, preKeys: [], everKeys: new Map() });
      if (this.plan.restart !== 'close only') link.send(node('stream:error', { code: '515' }));
      if (this.plan.restart === 'leave open') return;
      setTimeout(() => link.close(), this.plan.restart === 'late close' ? 300 : 0);
    }));
  }

  // --- what clients send
  wait(link, id, then) { this.pending.set(id, { link, then }); }
  take(link, stanza) {
    this.log('<', stanza);
    this.seen.push(stanza);
    const { id, type } = stanza.attrs;
    if (stanza.tag === 'iq' && ['result', 'error'].includes(type)) {
      const wait = this.pending.get(id);
      if (wait?.link !== link) return this.plan.strictAnswers === false ? undefined : this.violation('answer to nothing', stanza);
      this.pending.delete(id);
      return wait.then(stanza);
    }
    if (stanza.tag === 'iq') return this.answer(link, stanza);
    if (stanza.tag === 'ack' || stanza.tag === 'receipt') return this.cleared(link, stanza);
    return undefined;
  }

  answer(link, stanza) {
    const { id, xmlns, to } = stanza.attrs;
    if (this.usedIds.has(`${this.links.indexOf(link)} ${id}`)) this.violation('iq id used twice', stanza);
    this.usedIds.add(`${this.links.indexOf(link)} ${id}`);
    const what = `${xmlns} ${(stanza.content ?? []).map(({ tag }) => tag).join()}`;
    if (this.plan.mute?.(what, link)) return;
    const custom = this.plan.answers?.[what]?.(stanza, link);
    const reply = (content) => link.send(node('iq', { from: to, type: 'result', id, ...(xmlns === 'w:p' ? { t: now() } : {}) }, content));
    if (custom) { link.send(node('iq', { from: to, id, ...custom.attrs }, custom.content)); if (custom.attrs.type === 'error') return; if (custom.final) return; }
    switch (what) {
      case 'encrypt count': if (!custom) reply([node('count', { value: String(this.preKeys.length) })]); break;
      case 'encrypt registration,type,identity,list,skey': this.upload(stanza); if (!custom) reply(); break;
      case 'encrypt digest': reply([this.digest()]); break;
      case 'passive active': setTimeout(() => { reply(); this.activate(link); }, this.plan.activeAfter ?? 0); break;
      case 'w:g2 participating': reply([node('groups', {}, this.groups.map((group) => group.node({ full: true })))]); break;
      case 'w:g2 query': {
        const group = this.groups.find(({ jid }) => jid === to);
        if (group) reply([group.node({ full: true })]);
        else link.send(node('iq', { from: to, type: 'error', id }, [node('error', { code: '404', text: 'item-not-found' })]));
        break;
      }
      case 'md remove-companion-device': this.unlinked = true; reply(); link.send(node('stream:error', { code: '401' }, [node('conflict', { type: 'device_removed' })])); link.close(); break;
      default: if (!custom) reply();
    }
  }

  upload(stanza) {
    const [registration, , identity, list, skey] = stanza.content;
    const signed = { keyId: skey.content[0].content.readUIntBE(0, 3), publicKey: Buffer.concat([Buffer.from([5]), skey.content[1].content]), signature: Buffer.from(skey.content[2].content) };
    const good = registration.content.readUInt32BE() === this.device.registrationId && identity.content.equals(this.device.identity) &&
      curve.verifySignature(Buffer.concat([Buffer.from([5]), this.device.identity]), signed.publicKey, signed.signature) === true;
    if (!good) this.violation('pre-key upload', stanza.attrs);
    this.device.signed = signed;
    this.uploads = (this.uploads ?? 0) + 1;
    for (const key of list.content) {
      const keyId = key.content[0].content.readUIntBE(0, 3);
      const publicKey = Buffer.concat([Buffer.from([5]), key.content[1].content]);
      const known = this.everKeys?.get(keyId);
      if (known && !known.equals(publicKey)) this.violation('a pre-key id with other content', { keyId });
      (this.everKeys ??= new Map()).set(keyId, publicKey);
      if (!known) this.preKeys.push({ keyId, publicKey });
    }
  }
  digest() { return node('digest', {}, []); }

  // The reader's published keys, with one of its one-time keys.
  bundle() {
    return { identityKey: Buffer.concat([Buffer.from([5]), this.device.identity]), registrationId: this.device.registrationId, signedPreKey: this.device.signed, preKey: this.preKeys.shift() };
  }

  // --- the queue
  activate(link) {
    link.active = true;
    const waiting = this.queue.filter(({ cleared }) => !cleared);
    for (const [i, item] of waiting.entries()) this.deliver(link, item, { offline: String(i % 5) });
    if (!this.plan.noOfflineEnd) link.send(node('ib', { from: S }, [node('offline', { count: String(waiting.length) })]));
    for (const extra of this.plan.afterLogin ?? []) link.send(extra);
  }
  deliver(link, item, more = {}) { item.deliveries += 1; link.send({ ...item.stanza, attrs: { ...item.stanza.attrs, ...more } }); }
  post(stanza, about = {}) {
    const item = { stanza, deliveries: 0, cleared: undefined, answers: [], ...about };
    this.queue.push(item);
    const link = this.current();
    if (link?.active) this.deliver(link, item);
    return item;
  }

  cleared(link, stanza) {
    const { id, to, participant, type, class: kind } = stanza.attrs;
    const items = this.queue.filter((each) => each.stanza.attrs.id === id && each.stanza.attrs.from === to.replace(/^@/, '') && each.stanza.attrs.participant === participant &&
      (stanza.tag === 'receipt' ? each.stanza.tag === 'message' : each.stanza.tag === kind));
    const own = stanza.tag === 'receipt' && ['peer_msg', 'hist_sync'].includes(type) ? this.queue.filter((each) => each.stanza.attrs.id === id) : [];
    if (items.length + own.length === 0) return this.violation('clears what was never sent', stanza);
    if (type === 'retry') return this.retried?.(stanza, items[0]);
    for (const item of [...items, ...own]) {
      item.answers.push(stanza);
      if (stanza.tag === 'ack' && kind !== 'message' && kind !== 'notification' && item.stanza.attrs.type !== type) this.violation('ack with another type', stanza);
      if (item.deliveries > 0) item.cleared = stanza;
    }
    return undefined;
  }
}
