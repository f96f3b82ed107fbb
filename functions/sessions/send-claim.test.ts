/** A claim on its way to a real server, which does what containers do that are not well. */
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../core/clock/system-clock.ts';
import { ClaimNotTakenError, sendClaim } from './send-claim.ts';

const TOKEN = 'eyJ0b2tlbg.of.claim';
type React = (response: ServerResponse, request: IncomingMessage) => void;
let react: React;
let server: http.Server;
let httpOrigin = '';

const claims = suite('sendClaim');

claims.before(async () => {
  server = http.createServer((request, response) => react(response, request)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  httpOrigin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
claims.after(() => {
  server.closeAllConnections();
  server.close();
});

const send = (origin = httpOrigin) =>
  sendClaim(
    { fetch, clock: systemClock, answerMs: 400 },
    { httpOrigin: origin, token: TOKEN, body: 'sealed' },
  );
const answering =
  (status: number, body: unknown): React =>
  (response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

claims('is one POST of the sealed body, by the path with the token', async () => {
  let got: unknown;
  react = async (response, request) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    got = [request.method, request.url, request.headers['content-type'], text];
    answering(200, { status: 'ready', sandbox: 'off' })(response, request);
  };
  assert.equal(await send(), { status: 'ready', sandbox: 'off' });
  assert.equal(got, ['POST', `/claim/${TOKEN}`, 'application/jose', 'sealed']);
});

claims('is understood by a container that restores its profile first', async () => {
  react = answering(202, { status: 'restoring', more: 1 });
  assert.equal(await send(), { status: 'restoring' });
});

const reject = async (origin?: string): Promise<string> => {
  const error = await send(origin).catch((fault) => fault);
  assert.instance(error, ClaimNotTakenError);
  assert.not.match(`${error.stack} ${String(error.cause)}`, /eyJ|sealed/);
  return error.message;
};

for (const [what, reaction, why] of [
  ['an error', answering(500, 'x'), 'HTTP 500'],
  ['one that was claimed before', answering(409, {}), 'HTTP 409'],
  ['one that does not believe the token', answering(401, {}), 'HTTP 401'],
  ['one that is going', answering(503, {}), 'HTTP 503'],
  ['no JSON', answering(200, '<html>'), 'HTTP 200 with an answer that is none'],
  ['other JSON', answering(200, { status: 'ready' }), 'HTTP 200 with an answer that is none'],
  ['a list', answering(200, []), 'HTTP 200 with an answer that is none'],
  [
    'another status than it says',
    answering(202, { status: 'ready', sandbox: 'on' }),
    'HTTP 202 with an answer that is none',
  ],
  ['more than an answer', answering(200, 'x'.repeat(2_000)), 'an answer that is too long'],
  ['a hang-up', ((response) => response.destroy()) as React, 'UND_ERR_SOCKET'],
  ['nothing', (() => undefined) as React, 'no answer within 400 ms'],
  [
    'half an answer, and then nothing',
    ((response) => response.writeHead(200).write('{"status":')) as React,
    'no answer within 400 ms',
  ],
] as const) {
  claims(`is not taken by ${what}`, async () => {
    react = reaction;
    assert.is(await reject(), why);
  });
}

claims('follows nobody elsewhere', async () => {
  react = (response) => response.writeHead(307, { location: `${httpOrigin}/claim/other` }).end();
  assert.is(await reject(), 'the connection failed');
});

claims('is refused where nobody listens, and where there is no host', async () => {
  assert.is(await reject('http://127.0.0.1:1'), 'the connection failed');
  assert.is(await reject('http://[x'), 'ERR_INVALID_URL');
});

claims.run();
