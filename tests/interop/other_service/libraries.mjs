// The real client's own libraries: binary nodes, protobuf definitions, Signal. Found below $VESTARI_PEERS/baileys-7/node_modules.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const root = resolve(process.env.VESTARI_PEERS, 'baileys-7');
const require = createRequire(resolve(root, 'package.json'));
const inside = (path) => import(pathToFileURL(resolve(root, 'node_modules', path)));

export const { proto } = await inside('baileys/WAProto/index.js');
export const binary = await inside('baileys/lib/WABinary/index.js');
export const constants = await inside('baileys/lib/WABinary/constants.js');
export const group = await inside('baileys/lib/Signal/Group/index.js');
export const signal = require('libsignal');
export const { curve } = signal;
export const { WebSocketServer } = require('ws');
console.info = () => {}; // libsignal tells of every session it closes, keys and all
