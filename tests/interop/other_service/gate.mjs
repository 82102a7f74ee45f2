// What a client that only reads may send: the closed set of 10-connection.md, section 14, written from the table. Anything else is a violation.
const S = /^@?s\.whatsapp\.net$/;
const user = (jid) => jid?.replace(/:\d+@/, '@');
const shape = (node) => (Array.isArray(node.content) ? node.content.map(({ tag }) => tag) : []);
const bytes = (node, n) => node && !Array.isArray(node.content) && node.content !== undefined && (n === undefined || node.content.length === n);
const only = (node, required, optional = []) => {
  const names = Object.keys(node.attrs);
  return required.every((name) => names.includes(name)) && names.every((name) => required.includes(name) || optional.includes(name));
};
const empty = (node) => node.content === undefined || node.content.length === 0;
const digits = (text) => /^\d+$/.test(text ?? '');

function key(node) {
  const [id, value] = node.content;
  return only(node, []) && shape(node).join() === 'id,value' && bytes(id, 3) && bytes(value, 32);
}
function skey(node) {
  const [id, value, signature] = node.content;
  return only(node, []) && shape(node).join() === 'id,value,signature' && bytes(id, 3) && bytes(value, 32) && bytes(signature, 64);
}
function preKeys({ content: [registration, type, identity, list, signed] }) {
  return bytes(registration, 4) && bytes(type, 1) && type.content[0] === 5 && bytes(identity, 32) && only(list, []) && list.content.every(key) && skey(signed);
}
function retryKeys(node) {
  const [type, identity, one, signed, device] = node.content;
  return shape(node).join() === 'type,identity,key,skey,device-identity' && bytes(type, 1) && type.content[0] === 5 && bytes(identity, 32) &&
    key(one) && skey(signed) && bytes(device);
}

// xmlns/type/children of an <iq> that asks, and what its child must look like.
const asks = {
  'encrypt get count': ([count]) => only(count, []) && empty(count),
  'encrypt get digest': ([digest]) => only(digest, []) && empty(digest),
  'encrypt set registration,type,identity,list,skey': (_, node) => preKeys(node),
  'encrypt set rotate': ([rotate]) => only(rotate, []) && shape(rotate).join() === 'skey' && skey(rotate.content[0]),
  'passive set active': ([active]) => only(active, []) && empty(active),
  'w:p get ': () => true,
  'urn:xmpp:whatsapp:dirty set clean': ([clean]) => only(clean, ['type'], ['timestamp']) && empty(clean),
  'w:m set media_conn': ([media]) => only(media, []) && empty(media),
};

function iq(node, own) {
  const { type, xmlns, to } = node.attrs;
  const children = Array.isArray(node.content) ? node.content : [];
  if (type === 'result' && only(node, ['to', 'type'], ['id']) && S.test(to)) {
    if (empty(node)) return true;
    const [sign] = children;
    return shape(node).join() === 'pair-device-sign' && shape(sign).join() === 'device-identity' && only(sign, []) &&
      only(sign.content[0], ['key-index']) && digits(sign.content[0].attrs['key-index']) && bytes(sign.content[0]);
  }
  if (type === 'error') return only(node, ['to', 'type', 'id']) && shape(node).join() === 'error' && only(children[0], ['code', 'text']) && ['401', '500'].includes(children[0].attrs.code);
  if (!only(node, ['to', 'type', 'id', 'xmlns'])) return false;
  if (xmlns === 'w:g2') {
    if (type !== 'get' || children.length !== 1) return false;
    if (/^[\d-]+@g\.us$/.test(to)) return children[0].tag === 'query' && children[0].attrs.request === 'interactive' && only(children[0], ['request']) && empty(children[0]);
    return /^@?g\.us$/.test(to) && children[0].tag === 'participating' && only(children[0], []) && shape(children[0]).join() === 'participants,description' &&
      children[0].content.every((child) => only(child, []) && empty(child));
  }
  if (!S.test(to)) return false;
  if (xmlns === 'md' && shape(node).join() === 'remove-companion-device') {
    return type === 'set' && only(children[0], ['jid', 'reason']) && children[0].attrs.reason === 'user_initiated' && children[0].attrs.jid === own.pn && empty(children[0]);
  }
  if (xmlns === 'md' && shape(node).join() === 'link_code_companion_reg') {
    const n = { companion_hello: 5, companion_finish: 3 }[children[0].attrs.stage];
    return type === 'set' && n === children[0].content.length;
  }
  const rule = asks[`${xmlns} ${type} ${shape(node).join()}`];
  return rule !== undefined && (children.length > 0 || empty(node)) && rule(children, node);
}

function receipt(node, own) {
  const { type, to, category } = node.attrs;
  if (!only(node, ['id', 'to', 'type'], ['participant', 'recipient', ...(type === 'retry' ? ['category'] : [])])) return false;
  const mine = (jid) => [user(own.pn), user(own.lid)].includes(user(jid));
  if (type === 'inactive') return empty(node);
  if (type === 'sender') return empty(node) && (mine(to) || mine(node.attrs.participant));
  if (type === 'peer_msg' || type === 'hist_sync') return empty(node) && only(node, ['id', 'to', 'type']) && mine(to) && !to.includes(':');
  if (type !== 'retry' || (category !== undefined && category !== 'peer')) return false;
  const [retry, registration, keys, ...more] = node.content;
  return more.length === 0 && retry.tag === 'retry' && only(retry, ['count', 'id', 't', 'v'], ['error']) && retry.attrs.v === '1' && retry.attrs.id === node.attrs.id &&
    /^[1-4]$/.test(retry.attrs.count) && digits(retry.attrs.t) && registration.tag === 'registration' && bytes(registration, 4) &&
    (keys === undefined || (keys.tag === 'keys' && retryKeys(keys)));
}

function ack(node) {
  const { class: kind, type, error } = node.attrs;
  return empty(node) && only(node, ['class', 'id', 'to'], ['participant', 'recipient', 'type', 'error']) &&
    ['message', 'receipt', 'notification', 'call', 'status', 'appdata'].includes(kind) && (kind !== 'message' || type === undefined) &&
    (error === undefined || (kind === 'message' && ['487', '500'].includes(error)));
}

// True when the stanza is one of the closed set; own: {pn, lid} with device.
export function allowed(node, own) {
  try {
    if (node.tag === 'iq') return iq(node, own);
    if (node.tag === 'receipt') return receipt(node, own);
    if (node.tag === 'ack') return ack(node);
    return node.tag === 'ib' && only(node, []) && shape(node).join() === 'offline_batch' && only(node.content[0], ['count']) && digits(node.content[0].attrs.count) && empty(node.content[0]);
  } catch {
    return false;
  }
}
