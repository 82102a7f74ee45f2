// What must never be written anywhere: QR codes and the secrets in them, chats that are not included; and in the clear: anything that was
// read. Every file of the house and everything both daemons said is searched, plain and encoded.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { House, eventually } from './house.mjs';

let house, included, excluded;
const qr = new Set();
const canary = (name) => `canary-${createHash('sha256').update(name).digest('hex').slice(0, 20)}`;
const words = { read: canary('read'), excluded: canary('excluded'), direct: canary('direct'), edited: canary('edited'), before: canary('before') };

before(async () => {
  house = await House.build({ seed: 23 });
  included = await house.group('Dealers');
  excluded = await house.group(`Family ${canary('name')}`);
  await house.up();
});
after(async () => { await house?.close(); });

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}

// A text as somebody might store it by mistake.
function forms(text) {
  const bytes = Buffer.from(text);
  const shifted = [0, 1, 2].map((by) => Buffer.concat([Buffer.alloc(by), bytes]).toString('base64').slice(by ? 4 : 0, -4));
  return [bytes, Buffer.from(bytes.toString('hex')), Buffer.from(bytes.toString('hex').toUpperCase()), Buffer.from(text, 'utf16le'),
    ...shifted.filter((one) => one.length > 12).map((one) => Buffer.from(one)), Buffer.from(encodeURIComponent(text))];
}

function found(secrets, places) {
  const hits = [];
  for (const [where, bytes] of places) {
    for (const [name, needles] of secrets) if (needles.some((needle) => bytes.includes(needle))) hits.push(`${name} in ${where}`);
  }
  return hits;
}
const everywhere = () => {
  const places = ['data', 'run', 'tmp', 'home'].flatMap((name) => [...files(join(house.folder, name))]).map((path) => [path, readFileSync(path)]);
  places.push(['what the daemons said', Buffer.from(house.house.stderr + house.house.lines.join('\n'))]);
  return places;
};

test('a house with a life: several codes, a cancelled link, included and excluded chats', async () => {
  for (let i = 0; i < 2; i += 1) { // codes that nobody scans
    const link = house.start('vestari', ['--config', house.config, 'link', '--qr', 'text']);
    qr.add(await link.line('a code', (line) => line.includes(',')));
    await link.kill('SIGINT');
    await house.state('unlinked');
  }
  const link = await house.link();
  for (const line of link.lines.filter((one) => one.includes(','))) qr.add(line);
  await house.connected();
  await house.post(included, 'anna', words.before); // not included yet
  await house.ok('include', 'add', included);
  await house.post(excluded, 'anna', `WTS Rolex 126610LN $10000 ${words.excluded}`, { count: 20 });
  await house.post('direct', 'ben', `WTS Rolex 126610LN $10000 ${words.direct}`, { count: 5 });
  const [id] = await house.post(included, 'anna', `WTS Rolex 126610LN 2023 full set $12000 ${words.read}`);
  await eventually('its deal', async () => (await house.deals()).length === 1);
  await house.post(included, 'anna', `WTS Rolex 126610LN 2023 full set $11000 ${words.edited}`, { kind: 'edit', target: id });
  await eventually('the edit', async () => (await house.deals())[0].price_minor === 1100000);
  await house.post(excluded, 'anna', words.excluded, { kind: 'image' });
  await house.control('POST', '/disconnect');
  await house.connected();
  await house.cleared();
});

const secrets = () => {
  const list = Object.entries(words).map(([name, word]) => [name, forms(word)]);
  for (const code of qr) {
    const parts = code.replace(/^https?:\/\/[^#]*#?/, '').split(',');
    assert(parts.length >= 4, 'a code has its parts');
    list.push(['a QR code', forms(code)]);
    list.push(['the reference of a QR code', [Buffer.from(parts[0])]]);
    for (const part of parts.slice(1)) { // noise key, identity key, the ADV secret: as text and as the bytes that it says
      const raw = Buffer.from(part, 'base64');
      if (raw.length === 32) list.push(['a key of a QR code', [Buffer.from(part.replace(/=+$/, '')), raw, Buffer.from(raw.toString('hex'))]]);
    }
  }
  list.push(['the name of a group that is not included', forms(canary('name'))]);
  return list;
};

test('nothing of it stands in a file or was said, while all of it runs', () => {
  const list = secrets();
  assert(list.length > 10, 'there is something to look for');
  const places = everywhere();
  assert(places.length > 5 && places.some(([path]) => path.includes('bridge')), 'and somewhere to look');
  assert.deepEqual(found(list, places), []);
});

test('nor after a clean end', async () => {
  await house.down();
  assert.deepEqual(found(secrets(), everywhere()), []);
});

test('the search itself finds what is there', () => {
  const [[, needles]] = secrets();
  for (const needle of needles) assert.equal(found([['x', needles]], [['y', Buffer.concat([Buffer.from('..'), needle, Buffer.from('..')])]]).length, 1);
});

test('what is kept is nobody else\'s to read', () => {
  for (const path of files(join(house.folder, 'data'))) assert.equal(statSync(path).mode & 0o077, 0, `${path}: ${(statSync(path).mode & 0o777).toString(8)}`);
});
