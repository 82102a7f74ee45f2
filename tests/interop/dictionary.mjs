// The words that an older client names by number, read off the client itself, for `vestari-sim --older-dictionary`.
//
//     node dictionary.mjs BAILEYS_FOLDER > FILE
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const folder = resolve(process.argv[2]);
const constants = createRequire(resolve(folder, 'package.json'))(resolve(folder, 'node_modules/baileys/lib/WABinary/constants.js'));
process.stdout.write(JSON.stringify({
  single: constants.SINGLE_BYTE_TOKENS.map((word) => word ?? ''),
  double: constants.DOUBLE_BYTE_TOKENS,
}));
