// Real clients for tests: each is a person of the simulated service, linked by scanning its own QR code.
import assert from 'node:assert/strict';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '../e2e/live/house.mjs';

const here = dirname(fileURLToPath(import.meta.url));

export class Peer {
  // kind: a folder below `installed` ("baileys-6", "baileys-7"), or "whatsmeow", a program there.
  static async link(house, { name, kind, installed }) {
    const { url, ca_file: ca, root_key: root } = house.service;
    const peer = new Peer();
    peer.name = name;
    peer.kind = kind;
    peer.program = kind === 'whatsmeow'
      ? new Program(join(installed, 'whatsmeow', 'whatsmeow'), [url, ca, root])
      : new Program(process.execPath, [join(here, 'client.mjs'), join(installed, kind), url, ca]);
    house.programs.push(peer.program);
    await house.control('POST', '/persons', { name });
    const qr = JSON.parse(await peer.program.line('a QR text', (line) => line.includes('"event":"qr"')));
    const scanned = await house.control('POST', '/scan', { qr: qr.text, person: name });
    assert(scanned.ok, `the phone of ${name} did not take the code of ${kind}: ${scanned.result}`);
    peer.me = JSON.parse(await peer.program.line('logged in', (line) => line.includes('"event":"open"'))).me;
    return peer;
  }

  // An order that gives a message; its id.
  async say(order) {
    const tag = `${this.name}-${(this.orders = (this.orders ?? 0) + 1)}`;
    this.program.write({ ...order, tag });
    const line = await this.program.line(`an answer to ${order.do}`, (text) => text.includes(`"tag":"${tag}"`));
    const answer = JSON.parse(line);
    assert.equal(answer.event, 'done', `${this.kind} could not ${order.do}: ${answer.why}`);
    return answer.result.id;
  }

  // What this client itself received: the second opinion.
  received() { return this.program.json().filter((event) => event.event === 'message'); }
  undecryptable() { return this.program.json().filter((event) => event.event === 'undecryptable'); }
}
