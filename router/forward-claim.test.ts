// A claim of a warm container: the one request with a body that the router passes on.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLAIM_CONTENT_TYPE, MAX_CLAIM_BYTES } from '../core/domain/claim.ts';
import { claimAddressOf } from './forward-claim.ts';
import { RefusedError } from './refusals.ts';
import { type RouterFixture, readAll, startRouterFixture } from './testing/router-fixture.ts';

const BODY = 'a.sealed.body';
let fixture: RouterFixture;

const claims = suite('a claim');

claims.before.each(async () => {
  fixture = await startRouterFixture();
});
claims.after.each(() => fixture.stop());

const post = (path: string, body = BODY) =>
  fixture.get(path, { method: 'POST', body, headers: { 'content-type': CLAIM_CONTENT_TYPE } });

/** Answers with what arrived. */
function echo(): void {
  fixture.container.handlers.request = async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ text, path: request.url, type: request.headers['content-type'] }));
  };
}

claims('goes to the address in its token, as it was sent, and its answer comes back', async () => {
  echo();
  const path = fixture.claimPath(BODY);
  const response = await post(path);
  assert.is(response.status, 202);
  assert.equal(await response.json(), {
    text: BODY,
    path: path.replace('/connect', ''),
    type: CLAIM_CONTENT_TYPE,
  });
  assert.is(fixture.state.reads, 0, 'no session was looked up');
});

claims('may be as large as claims get, and no larger', async () => {
  echo();
  const most = 'x'.repeat(MAX_CLAIM_BYTES);
  assert.is((await post(fixture.claimPath(most), most)).status, 202);
  const more = `${most}x`;
  assert.is((await post(fixture.claimPath(more), more)).status, 413);
  const path = fixture.claimPath(more);
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const text = await readAll(fixture.raw(`${head}${more.length.toString(16)}\r\n${more}\r\n0\r\n\r\n`));
  assert.match(text, /^HTTP\/1\.1 413 /, 'also when it does not say so');
  assert.is(fixture.container.requests.length, 1);
});

claims('has no other body than the one that was signed', async () => {
  assert.is((await post(fixture.claimPath(BODY), `${BODY}.`)).status, 401);
  assert.is((await post(fixture.claimPath(BODY), '')).status, 401);
  assert.is(fixture.container.requests.length, 0);
});

claims('is not made by any other token', async () => {
  for (const audience of ['cdp', 'live', 'warm', 'controller'] as const)
    assert.is((await post(fixture.claimPath(BODY, {}, audience))).status, 401, audience);
  assert.is((await post('/connect/claim/x')).status, 401);
  assert.is((await post(fixture.claimPath(BODY, { expiresAt: new Date(Date.now() - 1_000) }))).status, 401);
  assert.is(fixture.container.requests.length, 0);
});

claims('opens nothing else: no read, no upgrade, no path below it', async () => {
  const path = fixture.claimPath(BODY);
  assert.is((await fixture.get(path)).status, 404);
  assert.is((await fixture.refusal(path)).status, 404);
  for (const other of [`${path}/x`, path.replace('/claim/', '/json/'), path.replace('/connect', '')])
    assert.is((await post(other)).status, 405, other.slice(0, 30));
  assert.is(fixture.container.requests.length, 0);
});

claims('of a container that is gone is told so', async () => {
  const response = await post(fixture.claimPath(BODY, { address: '127.0.0.1:1' }));
  assert.is(response.status, 502);
});

claims('stands in no log', async () => {
  const path = fixture.claimPath(BODY, { address: '169.254.170.2:80' });
  assert.is((await post(path)).status, 401);
  assert.not.match(fixture.state.log, /eyJ|sealed/);
});

claims.run();

// ---

const addresses = suite('the address of a claim');

const addressOf = (address: string | undefined): unknown => {
  try {
    return claimAddressOf(address === undefined ? {} : { address });
  } catch (error) {
    assert.instance(error, RefusedError);
    return undefined;
  }
};

addresses('is in a network of containers', () => {
  for (const host of ['10.0.0.5', '172.31.255.255', '192.168.1.1', '100.64.3.4', '127.0.0.1'])
    assert.equal(addressOf(`${host}:9223`), { host, port: 9223 });
  assert.equal(addressOf('[fd00::1]:9223'), { host: 'fd00::1', port: 9223 });
});

addresses('is nowhere else, and no name', () => {
  for (const text of [
    undefined,
    '',
    '10.0.0.5',
    '10.0.0.5:0',
    '10.0.0.5:70000',
    '8.8.8.8:9223',
    '172.32.0.1:9223',
    '169.254.169.254:80',
    '[fe80::1]:9223',
    '[::ffff:8.8.8.8]:80',
    '[2001:db8::1]:80',
    'localhost:9223',
    'router.internal:80',
    'x@10.0.0.5:80',
    '10.0.0.5:80/x',
  ])
    assert.is(addressOf(text), undefined, text);
});

addresses.run();
