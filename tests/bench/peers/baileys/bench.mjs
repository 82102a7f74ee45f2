// Measures Baileys on the workload that bench_extract wrote: decoding of stanzas and decryption of group messages.
//
//     node bench.mjs WORKLOAD.json [ROUNDS]      prints one JSON object with the median of the rounds
//
// Sender-key records are kept as objects in memory, which spares Baileys the serialising that it does in real use.
import { readFileSync } from 'node:fs';
import { decodeBinaryNode } from 'baileys/lib/WABinary/index.js';
import { GroupCipher, GroupSessionBuilder, SenderKeyDistributionMessage, SenderKeyName, SenderKeyRecord } from 'baileys/lib/Signal/Group/index.js';

const [path, roundsText] = process.argv.slice(2);
const rounds = Number(roundsText ?? 7);
const work = JSON.parse(readFileSync(path, 'utf8'));
const bytes = hex => Buffer.from(hex, 'hex');
const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
// Processor time of the whole process: budgets are for one core, where collecting garbage is not free.
const cpu = () => process.cpuUsage();
const seconds = start => { const used = process.cpuUsage(start); return (used.user + used.system) / 1e6; };

async function measure(units, round) {
    await round(); // warm: the first round is not counted
    const times = [];
    for (let i = 0; i < rounds; i++) times.push(await round());
    return units / median(times);
}

async function decodeRate(nodes) {
    const size = nodes.reduce((sum, node) => sum + node.length, 0);
    const repeat = Math.max(1, Math.ceil(4e6 / size));
    const perSecond = await measure(size * repeat, async () => {
        const start = cpu();
        for (let i = 0; i < repeat; i++) for (const node of nodes) await decodeBinaryNode(node);
        return seconds(start);
    });
    return perSecond / 1e6;
}

// At most `limit` messages a round: its signature check takes milliseconds, and the rate does not depend on their number.
function atMost(limit, groups) {
    let left = limit;
    return groups
        .map(group => {
            const messages = group.messages.slice(0, left);
            left -= messages.length;
            return { ...group, messages };
        })
        .filter(group => group.messages.length > 0);
}

async function decryptRate(groups) {
    const messages = groups.reduce((sum, group) => sum + group.messages.length, 0);
    return measure(messages, async () => {
        const records = new Map();
        const store = {
            loadSenderKey: async name => records.get(name.toString()) ?? new SenderKeyRecord(),
            storeSenderKey: async (name, record) => void records.set(name.toString(), record),
        };
        const ready = [];
        for (const { group, sender, device, distribution, messages } of groups) {
            const name = new SenderKeyName(group, { id: sender, deviceId: device, toString: () => `${sender}.${device}` });
            const key = new SenderKeyDistributionMessage(null, null, null, null, bytes(distribution));
            await new GroupSessionBuilder(store).process(name, key);
            ready.push([new GroupCipher(store, name), messages.map(bytes)]);
        }
        const start = cpu();
        for (const [cipher, ciphertexts] of ready) for (const text of ciphertexts) await cipher.decrypt(text);
        return seconds(start);
    });
}

const plain = work.nodes.map(bytes).filter(node => (node[0] & 2) === 0);
console.log(JSON.stringify({
    peer: 'baileys',
    node_decode_mb_s: await decodeRate(plain),
    group_decrypt_s: await decryptRate(atMost(120, work.groups)),
    rounds,
}));
