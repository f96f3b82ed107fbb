// A webhook, from its creation to its last event: a receiver that checks signatures, and a session that it hears of.
// Here the receiver is on this machine: start Wallcrawler with WALLCRAWLER_ALLOWED_NETWORKS=127.0.0.0/8.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

const { BROWSERBASE_BASE_URL: url, BROWSERBASE_API_KEY: apiKey } = process.env;
const call = async (method, path, body) => {
  const headers = { 'x-bb-api-key': apiKey, 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
};

/** The event, or an error where it was not signed with this secret in the last five minutes. */
function verify(body, headers, secret) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  const ageSeconds = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!(ageSeconds < 300)) throw new Error('too old, or from the future');
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  const isSigned = signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace('v1,', ''), 'base64');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
  if (!isSigned) throw new Error('not signed with this secret');
  return JSON.parse(body);
}

/** Numbers begin at 1 and leave none out: the end, and all before it. */
function hasAll(types = new Map()) {
  const [endSeq] = [...types].find(([, type]) => type === 'session.ended') ?? [];
  return [...types.keys()].filter((seq) => seq <= endSeq).length === endSeq;
}

let secret = '';
/** By session, since a webhook hears of all of a project's: the types of its events by their numbers. */
const typesOf = new Map();
const arrivals = new EventEmitter();
const receiver = createServer(async (request, response) => {
  try {
    const { sessionId, seq, type } = verify(await text(request), request.headers, secret);
    response.writeHead(204).end();
    // One may come twice, and they may come in any order: seq has it.
    typesOf.set(sessionId, new Map(typesOf.get(sessionId)).set(seq, type));
    arrivals.emit('event');
  } catch (error) {
    response.writeHead(400).end(error.message);
  }
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');

const webhook = await call('POST', '/v1/webhooks', {
  endpoint: `http://127.0.0.1:${receiver.address().port}/`,
});
secret = webhook.secret;
try {
  const session = await call('POST', '/v1/sessions', {});
  await call('POST', `/v1/sessions/${session.id}`, { status: 'REQUEST_RELEASE' });
  while (!hasAll(typesOf.get(session.id))) await once(arrivals, 'event');
  const inOrder = [...typesOf.get(session.id)].toSorted(([a], [b]) => a - b);
  for (const [seq, type] of inOrder) console.log(seq, type);
  const deliveries = await call('GET', `/v1/webhooks/${webhook.id}/deliveries`);
  console.log(`${deliveries.length} deliveries`);
} finally {
  await call('DELETE', `/v1/webhooks/${webhook.id}`);
  receiver.close();
}
