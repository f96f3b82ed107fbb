import { once } from 'node:events';
import type { Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RouterFixture, readAll, startRouterFixture } from './testing/router-fixture.ts';

let fixture: RouterFixture;
const use = async (options: Parameters<typeof startRouterFixture>[0] = {}) => {
  fixture = await startRouterFixture(options);
  return fixture;
};
const upgradeOf = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

const refusals = suite('what the router refuses');
refusals.after.each(() => fixture.stop());

refusals('a wrong, foreign or missing token is 401, whatever the session', async () => {
  const { refusal, token } = await use();
  const shape = {
    statusCode: 401,
    error: 'Unauthorized',
    message: 'The token is missing, expired or not for this',
  };
  const cdp = token('cdp');
  for (const path of [
    '/connect',
    '/connect/',
    '/connect?signingKey=x.y.z',
    `/connect?signingKey=${cdp}x`,
    `/connect?signingKey=${token('live')}`,
    `/connect?signingKey=${token('controller')}`,
    `/connect/live/${cdp}/devtools/page/A`,
  ]) {
    assert.equal(await refusal(path), { status: 401, body: shape }, path);
  }
  assert.not.match(fixture.state.log, cdp.slice(-40));
});

refusals('paths that are not its own are 404', async () => {
  const { refusal, token, get, container } = await use();
  for (const path of ['/', '/connecting', '/live', '/connect/../devtools/page/A', '/metrics']) {
    assert.is((await refusal(`${path}?signingKey=${token('cdp')}`)).status, 404, path);
  }
  assert.is((await get(`/connect?signingKey=${token('cdp')}`)).status, 404, 'no CDP without an upgrade');
  assert.is(container.requests.length, 0);
});

refusals('a session that is unknown, or of another project, is 404', async () => {
  const { refusal, token } = await use();
  assert.is((await refusal(`/connect?signingKey=${token('cdp', 's2')}`)).status, 404);
  assert.is((await refusal(`/connect?signingKey=${token('cdp', 's1', 'p2')}`)).status, 404);
});

refusals('a session that has ended or is ending is 410, and says why', async () => {
  const { refusal, state, cdpPath } = await use();
  state.route = { projectId: 'p1', status: 'TIMED_OUT', endReason: 'idle' };
  const { status, body } = await refusal(cdpPath());
  assert.is(status, 410);
  assert.is(body.message, 'The session has ended: No client sent anything for too long');
  state.route = { projectId: 'p1', status: 'TERMINATING' };
  assert.is((await refusal(cdpPath())).status, 410);
});

refusals('a session that is not ready in time is 504', async () => {
  const { refusal, state, cdpPath } = await use({ readyWaitMs: 30 });
  state.route = { projectId: 'p1', status: 'CREATING' };
  const { status, body } = await refusal(cdpPath());
  assert.is(status, 504);
  assert.is(body.error, 'Gateway Timeout');
});

refusals('connections and waits are bounded: 429', async () => {
  const { connect, refusal, state, open, sessions, cdpPath, ready } = await use({
    maxSockets: 2,
    maxWaiting: 1,
  });
  const socket = await connect();
  state.route = { projectId: 'p1', status: 'STARTING' };
  const waiting = open(cdpPath());
  waiting.on('error', () => {});
  while (sessions.waitingCount() === 0) await new Promise(setImmediate);
  assert.match((await refusal(cdpPath())).body.message as string, /connections are open/);
  socket.terminate();
  await once(socket, 'close');
  while ((await refusal(cdpPath())).body.message === 'Too many connections are open');
  const { status, body } = await refusal(cdpPath());
  assert.is(status, 429);
  assert.match(body.message as string, /wait for browsers/);
  state.route = ready;
  await once(waiting, 'open');
  waiting.terminate();
});

refusals('a session has its part of the slots, and no more', async () => {
  const { connect, refusal, cdpPath } = await use({ limits: { maxSocketsPerSession: 2 } });
  const sockets = [await connect(), await connect()];
  const { status, body } = await refusal(cdpPath());
  assert.is(status, 429);
  assert.is(body.message, 'Too many connections to this session are open');
  for (const socket of sockets) socket.terminate();
});

refusals('who has no good token holds no slot', async () => {
  // A made-up key is waited for.
  const { connect, raw, openCount, token } = await use({ maxSockets: 1, limits: { minKeyAgeMs: 3_000 } });
  // The keys have just been read.
  (await connect()).terminate();
  while ((await openCount()) > 0);
  const [, payload = '', signature = ''] = token('live').split('.');
  const header = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'JWT', kid: 'made-up' })).toString(
    'base64url',
  );
  const attackers = Array.from({ length: 5 }, () =>
    raw(`GET /connect/live/${header}.${payload}.${signature}/ HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(20)),
  );
  const waiting = raw(`GET /connect/live/${header}.${payload}.${signature}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
  assert.match(String(await once(waiting, 'data')), '429', 'those before it are as many as may wait');
  assert.is(await openCount(), 0);
  const socket = await connect();
  assert.is(await openCount(), 1);
  for (const each of [socket, waiting, ...attackers]) 'terminate' in each ? each.terminate() : each.destroy();
});

refusals('what no client of ours asks for is answered as well', async () => {
  const { raw } = await use();
  const tunnel = await readAll(raw('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n'));
  assert.match(tunnel, /^HTTP\/1\.1 405 .*"statusCode":405/s);
  const reset = raw('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(reset, 'readable');
  reset.resetAndDestroy();
  await once(reset, 'close');
  const expecting = raw('GET /connect HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nConnection: close\r\n\r\n');
  assert.match(await readAll(expecting), /^HTTP\/1\.1 417 .*"statusCode":417/s);
});

refusals('a container that is not there, or hangs up without an answer, is 502', async () => {
  const { refusal, state, cdpPath, container } = await use();
  container.handlers.upgrade = (_request, socket: Socket) => void socket.destroy();
  const silent = await refusal(cdpPath());
  assert.is(silent.status, 502);
  assert.match(silent.body.message as string, /does not answer/);
  state.route = { projectId: 'p1', status: 'READY', address: { host: '127.0.0.1', port: 1 } };
  const refused = await refusal(cdpPath());
  assert.is(refused.status, 502);
  assert.match(refused.body.message as string, /cannot be reached/);
});

refusals('a container that accepts and says nothing is 502', async () => {
  const { refusal, cdpPath, container } = await use({ limits: { answerMs: 30 } });
  container.handlers.upgrade = () => undefined;
  assert.is((await refusal(cdpPath())).status, 502);
});

refusals("the container's own refusal is passed on", async () => {
  const { refusal, cdpPath, container } = await use();
  const body = '{"statusCode":404,"error":"Not Found","message":"The browser has no page with this id"}';
  container.handlers.upgrade = (_request, socket: Socket) =>
    void socket.end(`HTTP/1.1 404 Not Found\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  assert.equal(await refusal(cdpPath()), { status: 404, body: JSON.parse(body) });
});

refusals('a table that does not answer is 503, and the error stays inside', async () => {
  const { refusal, state, cdpPath } = await use();
  state.fault = new Error('secret detail');
  const { status, body } = await refusal(cdpPath());
  assert.is(status, 503);
  assert.not.match(JSON.stringify(body), 'secret');
  assert.match(state.log, 'secret detail');
});

refusals('an upgrade to something else, or with a body, is 400 and reaches no container', async () => {
  const { raw, cdpPath, container } = await use();
  const head = (extra: string) =>
    `GET ${cdpPath()} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n${extra}\r\n\r\n`;
  for (const extra of [
    'Upgrade: h2c',
    'Upgrade: websocket\r\nContent-Length: 5',
    'Upgrade: websocket\r\nTransfer-Encoding: chunked',
  ]) {
    assert.match(await readAll(raw(head(extra))), /^HTTP\/1\.1 400 /, extra);
  }
  assert.match(await readAll(raw('nonsense\r\n\r\n')), /^HTTP\/1\.1 400 [\s\S]*"statusCode":400/);
  assert.match(await readAll(raw(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)), /^HTTP\/1\.1 431 /);
  assert.is(container.requests.length, 0);
});

refusals('who says too much before the answer is refused; a little is passed on in order', async () => {
  const { raw, cdpPath, state, sessions, ready, container } = await use({ limits: { maxEarlyBytes: 1000 } });
  const head = upgradeOf(cdpPath());
  state.route = { projectId: 'p1', status: 'STARTING' };
  const talker = raw(head);
  while (sessions.waitingCount() === 0) await new Promise(setImmediate);
  talker.write(Buffer.alloc(2000));
  assert.match(await readAll(talker), /^HTTP\/1\.1 400 [\s\S]*Too much was sent/);
  container.handlers.upgrade = (_request, socket: Socket) => {
    socket.on('error', () => undefined).write('HTTP/1.1 101 X\r\n\r\n');
    socket.pipe(socket);
  };
  const early = raw(`${head}one `);
  while (sessions.waitingCount() === 0) await new Promise(setImmediate);
  early.write('two ');
  while (early.writableLength > 0) await new Promise(setImmediate);
  state.route = ready;
  await once(early, 'readable');
  early.end('three');
  assert.match(await readAll(early), /\r\n\r\none two three$/);
});

refusals.run();
