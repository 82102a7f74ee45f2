// One client's connection: introduction, handshake, frames both ways in every cut that a byte stream allows, and the gate on what comes in.
import { binary, constants } from './libraries.mjs';
import { allowed } from './gate.mjs';
import { Responder } from './noise.mjs';

function framed(bytes) {
  const head = Buffer.alloc(3);
  head.writeUIntBE(bytes.length, 0, 3);
  return Buffer.concat([head, bytes]);
}

export class Link {
  constructor(socket, service) {
    Object.assign(this, { socket, service, buffer: Buffer.alloc(0), waiting: [], state: 'intro', responder: new Responder(service.authority), active: false });
    socket.on('message', (data, isBinary) => {
      if (!isBinary) return service.violation('a text message', {});
      this.buffer = Buffer.concat([this.buffer, data]);
      try { this.read(); } catch (error) { service.violation(`cannot read: ${error.stack}`, {}); socket.close(); }
    });
    socket.on('close', (code) => { this.state = 'closed'; this.active = false; service.gone(this, code); });
    socket.on('error', () => {});
  }

  read() {
    if (this.state === 'intro') {
      if (this.buffer.length < 8) return;
      if (this.buffer.subarray(0, 4).equals(Buffer.from([0x45, 0x44, 0, 1]))) {
        const length = this.buffer.readUIntBE(4, 3);
        this.routing = this.buffer.subarray(7, 7 + length);
        this.buffer = this.buffer.subarray(7 + length);
      }
      if (!this.buffer.subarray(0, 4).equals(Buffer.from([0x57, 0x41, 6, 3]))) throw new Error('no introduction');
      this.buffer = this.buffer.subarray(4);
      this.state = 'hello';
    }
    while (this.buffer.length >= 3) {
      const length = this.buffer.readUIntBE(0, 3);
      if (this.buffer.length < 3 + length) return;
      const frame = this.buffer.subarray(3, 3 + length);
      this.buffer = this.buffer.subarray(3 + length);
      this.frame(frame);
    }
  }

  frame(frame) {
    if (this.state === 'hello') {
      this.state = 'finish';
      if (!this.service.plan.silentHandshake) this.socket.send(framed(this.responder.answer(frame)));
      return;
    }
    if (this.state === 'finish') {
      this.transport = this.responder.finish(frame);
      this.state = 'open';
      this.service.opened(this, this.transport);
      return;
    }
    const document = this.transport.open(frame);
    if (document[0] !== 0) this.service.violation(`flag byte ${document[0]}`, {});
    const node = binary.decodeDecompressedBinaryNode(document.subarray(1), constants);
    if (!allowed(node, this.service.phone)) this.service.violation('not in the closed set', node);
    this.service.take(this, node);
  }

  send(...nodes) {
    if (this.state !== 'open') return;
    for (const node of nodes) {
      const frame = framed(this.transport.seal(this.service.encoder.document(node)));
      this.service.log('>', node);
      this.waiting.push(frame);
    }
    if (this.service.plan.cut === 'random') setImmediate(() => this.flush());
    else this.flush();
  }

  flush() {
    if (this.waiting.length === 0 || this.socket.readyState !== 1) return;
    const { rng } = this.service.encoder;
    const parts = this.service.plan.cut === 'random' ? [Buffer.concat(this.waiting)] : this.waiting;
    this.waiting = [];
    for (let bytes of parts) {
      while (this.service.plan.cut === 'random' && bytes.length > 1 && rng.chance(0.7)) {
        const n = 1 + rng.below(Math.min(bytes.length - 1, rng.chance(0.5) ? 4 : 3000));
        this.socket.send(bytes.subarray(0, n));
        bytes = bytes.subarray(n);
      }
      this.socket.send(bytes);
    }
  }

  close(code = 1000) { this.flush(); this.socket.close(code); }
  drop() { this.socket.terminate(); }
}
