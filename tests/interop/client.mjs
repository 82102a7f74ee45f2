// One real WhatsApp client (Baileys), driven over its standard streams: JSON lines in, JSON lines out.
//
//     node client.mjs BAILEYS_FOLDER URL CA_FILE
//
// in    {"do":"post","group":JID,"text":…,"tag":…}  {"do":"edit","group","id","text","tag"}  {"do":"revoke","group","id","tag"}
//       {"do":"groups","tag":…}  {"do":"quit"}
// out   {"event":"qr","text"}  {"event":"open","me":{"id","lid"}}  {"event":"done","tag","result"}  {"event":"failed","tag","why"}
//       {"event":"message","chat","sender","id","text"}  {"event":"undecryptable","chat","id"}  {"event":"closed","code"}
//
//       {"do":"offline"} and {"do":"online"} leave the service and come back.
//
// A QR text is asked for anew on every connection until somebody scans it; 515 and lost connections are answered by connecting again,
// as every client does. Credentials live in memory, and in the file $INTEROP_STATE where that is set, written on quit.
import { createRequire } from 'node:module';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import https from 'node:https';

const [folder, url, caFile] = process.argv.slice(2);
const entry = createRequire(resolve(folder, 'package.json')).resolve('baileys');
const baileys = await import(pathToFileURL(entry));
const makeSocket = baileys.makeWASocket ?? baileys.default.makeWASocket ?? baileys.default;
const pick = (name) => baileys[name] ?? baileys.default[name];
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

const silent = { level: 'silent', child: () => silent };
for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) {
  silent[level] = process.env.INTEROP_LOG ? (...what) => console.error(level, ...what) : () => {};
}

const { replacer, reviver } = pick('BufferJSON');
const stateFile = process.env.INTEROP_STATE;
const state = stateFile && existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8'), reviver) : { keys: [] };
const keys = new Map(state.keys);
const auth = {
  creds: state.creds ?? pick('initAuthCreds')(),
  keys: {
    get: async (type, ids) => Object.fromEntries(ids.flatMap((id) => {
      const value = keys.get(`${type}/${id}`);
      return value === undefined ? [] : [[id, value]];
    })),
    set: async (data) => {
      for (const [type, entries] of Object.entries(data)) {
        for (const [id, value] of Object.entries(entries)) {
          if (value === null || value === undefined) keys.delete(`${type}/${id}`);
          else keys.set(`${type}/${id}`, value);
        }
      }
    },
  },
};

const sent = new Map(); // for resends: what Baileys asks back when a receiver could not read it
let socket;
let quitting = false;

function text(message) {
  return message?.conversation ?? message?.extendedTextMessage?.text ?? message?.imageMessage?.caption ??
    message?.protocolMessage?.editedMessage?.conversation ?? '';
}

function connect() {
  socket = makeSocket({
    auth, logger: silent, waWebSocketUrl: url, version: [2, 3000, 1045649367],
    agent: new https.Agent({ ca: readFileSync(caFile) }),
    markOnlineOnConnect: false, syncFullHistory: false, shouldSyncHistoryMessage: () => false,
    getMessage: async (key) => sent.get(key.id), printQRInTerminal: false,
    browser: ['Interop', 'Chrome', '1.0'],
  });
  socket.ev.on('creds.update', (update) => Object.assign(auth.creds, update));
  socket.ev.on('connection.update', ({ connection, lastDisconnect, qr }) => {
    if (qr) say({ event: 'qr', text: qr });
    if (connection === 'open') say({ event: 'open', me: { id: auth.creds.me?.id, lid: auth.creds.me?.lid } });
    if (connection === 'close' && !quitting) {
      const code = lastDisconnect?.error?.output?.statusCode;
      say({ event: 'closed', code });
      if (![401, 403, 440].includes(code)) setTimeout(connect, 200);
    }
  });
  socket.ev.on('messages.upsert', ({ messages }) => {
    for (const { key, message, messageStubType } of messages) {
      if (messageStubType) say({ event: 'undecryptable', chat: key.remoteJid, id: key.id });
      else say({ event: 'message', chat: key.remoteJid, sender: key.participant, id: key.id, text: text(message) });
    }
  });
}

const verbs = {
  post: ({ group, text: words }) => socket.sendMessage(group, { text: words }),
  edit: ({ group, id, text: words }) => socket.sendMessage(group, { text: words, edit: { remoteJid: group, id, fromMe: true } }),
  revoke: ({ group, id }) => socket.sendMessage(group, { delete: { remoteJid: group, id, fromMe: true } }),
  groups: () => socket.groupFetchAllParticipating(),
};

async function obey(order) {
  if (order.do === 'quit') {
    quitting = true;
    socket.end(undefined);
    if (stateFile) writeFileSync(stateFile, JSON.stringify({ creds: auth.creds, keys: [...keys] }, replacer));
    setTimeout(() => process.exit(0), 100);
    return;
  }
  if (order.do === 'offline' || order.do === 'online') {
    quitting = order.do === 'offline';
    if (quitting) socket.end(undefined);
    else connect();
    return;
  }
  try {
    const result = await verbs[order.do](order);
    if (result?.key?.id && result.message) sent.set(result.key.id, result.message);
    say({ event: 'done', tag: order.tag, result: result?.key ?? result });
  } catch (error) {
    say({ event: 'failed', tag: order.tag, why: String(error?.stack ?? error) });
  }
}

process.on('unhandledRejection', (error) => say({ event: 'failed', why: `unhandled: ${error?.stack ?? error}` }));
connect();
createInterface({ input: process.stdin }).on('line', (line) => obey(JSON.parse(line))).on('close', () => process.exit(0));
