// The two control sockets know no way to write to WhatsApp: every write verb is refused, audited, and nothing of it reaches the service.
// Slow and oversized requests take nobody else's place.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { House, eventually } from './house.mjs';

let house, group;

before(async () => {
  house = await House.build({ seed: 3 });
  group = await house.group('Dealers');
  await house.up();
  await house.link();
  await house.connected();
  await house.ok('include', 'add', group);
  await house.cleared();
});
after(async () => { if (house) console.log('referee:', JSON.stringify((await house.close()).shapes)); });

const path = (name) => join(house.folder, 'run', `${name}.sock`);
const audit = (name) => readFileSync(join(house.folder, 'data', name, 'audit.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const seen = async () => (await house.control('GET', '/referee')).stanzas;

// Any method, as http.request does not make them all.
function raw(name, text) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path(name));
    let answer = '';
    socket.on('data', (part) => { answer += part; }).on('error', (error) => (answer ? resolve(answer) : reject(error))).on('close', () => resolve(answer));
    socket.write(text);
  });
}
const request = (method, target, body) =>
  `${method} ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const to = JSON.stringify({ account: 'main', chat: '120363000000000001@g.us', to: '15550100001@s.whatsapp.net', text: 'hello', message: { conversation: 'hello' } });
const writes = [
  ...['/v1/messages', '/v1/send', '/v1/message', '/v1/text', '/v1/media', '/v1/reply', '/v1/forward', '/v1/reactions', '/v1/edit', '/v1/revoke',
    '/v1/poll', '/v1/presence', '/v1/typing', '/v1/chatstate', '/v1/read', '/v1/receipts', '/v1/status', '/v1/stories', '/v1/calls', '/v1/call',
    '/v1/groups', '/v1/groups/x', '/v1/groups/x/leave', '/v1/groups/x/participants', '/v1/groups/x/subject', '/v1/groups/join', '/v1/profile',
    '/v1/profile/picture', '/v1/block', '/v1/contacts', '/v1/archive', '/v1/mute', '/v1/pin', '/v1/app-state', '/v1/iq', '/v1/raw', '/v1/stanza',
    '/send', '/', '/v1', '/v1/link/../send', '/v1/LINK', '/v1/unlink/', '/v2/send'].map((target) => ['POST', target]),
  ...['/v1/messages/1', '/v1/status', '/v1/groups/x', '/v1/profile', '/healthz'].flatMap((target) => ['PUT', 'PATCH', 'DELETE'].map((method) => [method, target])),
  ['OPTIONS', '/v1/status'], ['TRACE', '/v1/status'], ['SEND', '/v1/messages'], ['LINK', '/v1/status'], ['UNLINK', '/v1/status'], ['COPY', '/v1/status'],
  ['GET', '/v1/send?to=15550100001&text=hello'], ['GET', '/v1/messages'], ['GET', '/v1/link'], ['GET', '/v1/unlink'],
];

for (const name of ['bridge', 'ingest']) {
  test(`${name}.sock refuses ${writes.length} ways to write, audits each, and says nothing to WhatsApp`, async () => {
    const before_ = await seen();
    const entries = audit(name).length;
    for (const [method, target] of writes) {
      const answer = await raw(name, request(method, target, method === 'GET' ? '' : to));
      assert.match(answer, /^HTTP\/1\.1 403 /, `${method} ${target}: ${answer.split('\r\n')[0]}`);
      assert.match(answer, /\{"error":"read_only"\}$/, `${method} ${target}`);
    }
    const refusals = () => audit(name).slice(entries).filter((entry) => entry.what === 'refused');
    await eventually('an entry of each', () => refusals().length >= writes.length);
    const refused = refusals();
    assert.equal(refused.length, writes.length, 'one entry each');
    assert(!JSON.stringify(refused).includes('hello'), 'with nothing of what should have been said');
    assert.equal(await seen(), before_, 'nothing reached the service');
    assert.equal((await house.status()).state, 'connected');
  });
}

test('each refusal is an event', async () => {
  const refused = (await house.ok('events')).lines.map((line) => JSON.parse(line)).filter((event) => event.type === 'refused');
  assert(refused.some((event) => event.what === 'POST /v1/send'), JSON.stringify(refused.slice(0, 3)));
});

test('what is no request is no request: bad lines, huge headers, huge bodies, lying lengths', async () => {
  const bad = ['\r\n\r\n', 'GET\r\n\r\n', 'hello\r\n\r\n', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`, '\0\0\0\0\0\0\0\0\r\n\r\n',
    `GET /v1/status HTTP/1.1\r\nX: ${'y'.repeat(70_000)}\r\n\r\n`, request('POST', '/v1/link', 'z'.repeat(70_000)),
    'POST /v1/link HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n{}', 'POST /v1/link HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
    'POST /v1/unlink HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n',
    'POST /v1/unlink HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nxx'];
  for (const name of ['bridge', 'ingest']) {
    for (const text of bad) {
      const answer = await raw(name, text).catch((error) => String(error));
      assert.match(answer, /^HTTP\/1\.1 (4\d\d)|ECONNRESET|EPIPE|^$/, `${JSON.stringify(text.slice(0, 60))}: ${answer.slice(0, 100)}`);
    }
  }
  assert.equal((await house.status()).state, 'connected', 'none of it unlinked or relinked anything');
});

test('a hundred clients that say nothing, and a hundred that whisper, keep nobody waiting', async () => {
  for (const name of ['bridge', 'ingest']) {
    const slow = [];
    for (let i = 0; i < 200; i += 1) {
      const socket = net.connect(path(name));
      socket.on('error', () => undefined);
      if (i % 2) socket.write('G');
      slow.push(socket);
      if (i % 10 === 9) await pause(1); // the kernel's own queue of arrivals is not what is tested
    }
    const took = [];
    for (let i = 0; i < 50; i += 1) {
      const began = performance.now();
      const answer = await house.socket(name, 'GET', '/v1/status');
      took.push(performance.now() - began);
      assert.equal(answer.status, 200);
    }
    took.sort((a, b) => a - b);
    console.log(`${name}: status among 200 slow clients: median ${took[25].toFixed(1)} ms, worst ${took[49].toFixed(1)} ms`);
    for (const socket of slow) socket.destroy();
  }
});

test('streams that nobody reads leave room for questions', async () => {
  const open = [];
  for (let i = 0; i < 12; i += 1) {
    const call = http.request({ socketPath: path('bridge'), path: '/v1/events?follow=1' });
    call.on('error', () => undefined).end();
    open.push(call);
  }
  await eventually('some are told that it is too much', async () => (await raw('bridge', 'GET /v1/events?follow=1 HTTP/1.1\r\nHost: x\r\n\r\n')).includes('503'));
  assert.equal((await house.socket('bridge', 'GET', '/v1/status')).status, 200);
  for (const call of open) call.destroy();
  await eventually('they are gone', async () => (await house.socket('bridge', 'GET', '/v1/events?follow=0')).status === 200);
});

test('both audit files are whole chains afterwards', async () => {
  for (const name of ['bridge', 'ingest']) {
    const entries = audit(name);
    const lines = readFileSync(join(house.folder, 'data', name, 'audit.jsonl'), 'utf8').trim().split('\n');
    entries.forEach((entry, i) => {
      assert.equal(entry.n, entries[0].n + i);
      if (i > 0) assert.equal(entry.prev, createHash('sha256').update(lines[i - 1]).digest('hex'), `${name}: entry ${entry.n}`);
    });
  }
  await house.post(group, 'anna', 'WTS Rolex 116500LN 2020 full set $28,000');
  await eventually('a deal', async () => (await house.deals()).length === 1);
});
