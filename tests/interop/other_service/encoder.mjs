// Binary nodes in the many spellings that the format allows, chosen by a seed: tokens, packed and raw strings, JIDs as JID tokens or as
// text, attributes in any order, lists with long headers, compressed documents. Source: 10-connection.md, section 5.
import { deflateSync } from 'node:zlib';
import { binary, constants } from './libraries.mjs';

const { TAGS, TOKEN_MAP } = constants;

export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: (n) => Math.floor(next() * n), chance: (p) => next() < p, of: (list) => list[Math.floor(next() * list.length)] };
}

export class Encoder {
  // style: 'plain' is the real client's own encoder; 'any' varies.
  constructor({ style = 'plain', seed = 1, compress = 0 } = {}) { Object.assign(this, { style, rng: random(seed), compress }); }

  document(node) {
    const body = this.style === 'plain' ? binary.encodeBinaryNode(node).subarray(1) : this.node(node);
    if (this.rng.chance(this.compress)) return Buffer.concat([Buffer.from([2]), deflateSync(body, { level: this.rng.below(10) })]);
    return Buffer.concat([Buffer.from([0]), body]);
  }

  node({ tag, attrs = {}, content }) {
    const pairs = Object.entries(attrs).filter(([, value]) => value !== undefined && value !== null);
    if (this.rng.chance(0.5)) pairs.sort(() => this.rng.next() - 0.5);
    const out = [this.list(1 + 2 * pairs.length + (content === undefined ? 0 : 1)), this.string(tag)];
    for (const [key, value] of pairs) out.push(this.string(key), this.value(String(value)));
    if (content !== undefined) out.push(this.content(content));
    return Buffer.concat(out);
  }

  content(content) {
    if (typeof content === 'string') return this.string(content);
    if (!Array.isArray(content)) return this.bytes(Buffer.from(content));
    if (content.length === 0) return Buffer.from([TAGS.LIST_EMPTY]);
    return Buffer.concat([this.list(content.length), ...content.map((child) => this.node(child))]);
  }

  list(size) {
    if (size < 256 && this.rng.chance(0.8)) return Buffer.from([TAGS.LIST_8, size]);
    return Buffer.from([TAGS.LIST_16, size >> 8, size & 255]);
  }

  bytes(bytes) {
    const n = bytes.length;
    const form = this.rng.chance(0.8) ? 0 : this.rng.below(3);
    if (n < 256 && form === 0) return Buffer.concat([Buffer.from([TAGS.BINARY_8, n]), bytes]);
    if (n < 2 ** 20 && form < 2) return Buffer.concat([Buffer.from([TAGS.BINARY_20, n >> 16, (n >> 8) & 255, n & 255]), bytes]);
    return Buffer.concat([Buffer.from([TAGS.BINARY_32, n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255]), bytes]);
  }

  string(text) {
    const raw = () => this.bytes(Buffer.from(text));
    if (text === '' || this.rng.chance(0.15)) return raw();
    const token = TOKEN_MAP[text];
    if (token && this.rng.chance(0.9)) return Buffer.from(token.dict === undefined ? [token.index] : [TAGS.DICTIONARY_0 + token.dict, token.index]);
    if (text.length < 128 && /^[0-9.-]+$/.test(text)) return this.packed(text, TAGS.NIBBLE_8, '0123456789-.');
    if (text.length < 128 && /^[0-9A-F]+$/.test(text)) return this.packed(text, TAGS.HEX_8, '0123456789ABCDEF');
    return raw();
  }

  packed(text, tag, alphabet) {
    const half = [...text].map((c) => alphabet.indexOf(c));
    if (half.length % 2) half.push(15);
    const data = [];
    for (let i = 0; i < half.length; i += 2) data.push(half[i] * 16 + half[i + 1]);
    return Buffer.from([tag, data.length | (text.length % 2 ? 128 : 0), ...data]);
  }

  value(text) {
    const [, user, device, server] = /^(?:([^@:]*)(?::(\d+))?@)?([a-z.]+)$/.exec(text) ?? [];
    const known = ['s.whatsapp.net', 'lid', 'g.us', 'broadcast', 'newsletter', 'c.us'].includes(server);
    const bare = user === undefined && server !== 's.whatsapp.net' && server !== 'g.us'; // a word such as type="newsletter"
    if (!known || bare || this.rng.chance(0.3)) return this.string(text);
    const domain = { 's.whatsapp.net': 0, lid: 1 }[server];
    if (user && domain !== undefined && (device !== undefined || this.rng.chance(0.2))) {
      return Buffer.concat([Buffer.from([TAGS.AD_JID, domain, Number(device ?? 0)]), this.string(user)]);
    }
    if (device !== undefined) return this.string(text);
    return Buffer.concat([Buffer.from([TAGS.JID_PAIR]), user ? this.string(user) : Buffer.from([TAGS.LIST_EMPTY]), this.string(server)]);
  }
}
