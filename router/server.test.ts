import { once } from 'node:events';
import type { Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { closing, type RouterFixture, readAll, startRouterFixture } from './testing/router-fixture.ts';

let fixture: RouterFixture;
const use = async (options: Parameters<typeof startRouterFixture>[0] = {}) => {
  fixture = await startRouterFixture(options);
  return fixture;
};
const upgradeOf = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

const router = suite('router');
router.after.each(() => fixture.stop());

const echo = async (socket: WebSocket, message: string | Buffer): Promise<Buffer> => {
  socket.send(message);
  const [data] = await once(socket, 'message');
  return data as Buffer;
};

router('joins a client to the container of the session in its token', async () => {
  const { connect, container, cdpPath } = await use();
  const path = cdpPath();
  const socket = await connect(path);
  assert.is((await echo(socket, 'hello')).toString(), 'hello');
  assert.is(container.requests[0]?.url, path.replace('/connect', '/'), 'the path as the proxy knows it');
  socket.close(1000, 'done');
  assert.equal(await closing(socket), [1000, 'done']);
});

router('passes pages on, and live-view sockets by their own token', async () => {
  const { connect, container, token } = await use();
  const cdp = `/devtools/page/A?signingKey=${token('cdp')}`;
  const live = `/live/${token('live')}/devtools/page/A`;
  for (const path of [cdp, live]) (await connect(`/connect${path}`)).terminate();
  assert.equal(
    container.requests.map(({ url }) => url),
    [cdp, live],
  );
});

router('passes 100 MB both ways', async () => {
  const { connect } = await use();
  const socket = await connect();
  const large = Buffer.alloc(100 << 20, 7);
  const answer = await echo(socket, large);
  assert.ok(answer.equals(large));
  socket.terminate();
});

router('a client that does not read stops its browser from sending, and nobody else', async () => {
  const { connect, container, token } = await use();
  const [slow, [server]] = await Promise.all([connect(), once(container.sockets, 'connection')]);
  slow.pause();
  const chunk = Buffer.alloc(4 << 20);
  // Far more than all buffers on the way hold together.
  for (let sent = 0; sent < 25; sent++) server.send(chunk);
  const other = await connect(`/connect?signingKey=${token('cdp')}`);
  for (let round = 0; round < 20; round++) await echo(other, 'x');
  assert.ok(server.bufferedAmount > 50 << 20, `${server.bufferedAmount} bytes wait at the container`);
  let received = 0;
  const all = new Promise<void>((resolve) =>
    slow.on('message', (data: Buffer) => {
      received += data.length;
      if (received === 25 * chunk.length) resolve();
    }),
  );
  slow.resume();
  await all;
  for (const socket of [slow, other]) socket.terminate();
});

router('a close code and reason of the container arrive as they are', async () => {
  const { connect, container } = await use();
  const [socket, [server]] = await Promise.all([connect(), once(container.sockets, 'connection')]);
  server.close(4000, 'The session was released');
  assert.equal(await closing(socket), [4000, 'The session was released']);
});

router('a container that is cut off cuts the client off, and the other way round', async () => {
  const { connect, container } = await use();
  const [first, [server]] = await Promise.all([connect(), once(container.sockets, 'connection')]);
  server.terminate();
  assert.is((await closing(first))[0], 1006);
  const [second, [other]] = await Promise.all([connect(), once(container.sockets, 'connection')]);
  second.terminate();
  assert.is((await closing(other))[0], 1006);
});

router('a wrong, foreign or missing token is 401, whatever the session', async () => {
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

router('paths that are not its own are 404', async () => {
  const { refusal, token, get, container } = await use();
  for (const path of ['/', '/connecting', '/live', '/connect/../devtools/page/A', '/metrics']) {
    assert.is((await refusal(`${path}?signingKey=${token('cdp')}`)).status, 404, path);
  }
  assert.is((await get(`/connect?signingKey=${token('cdp')}`)).status, 404, 'no CDP without an upgrade');
  assert.is(container.requests.length, 0);
});

router('a session that is unknown, or of another project, is 404', async () => {
  const { refusal, token } = await use();
  assert.is((await refusal(`/connect?signingKey=${token('cdp', 's2')}`)).status, 404);
  assert.is((await refusal(`/connect?signingKey=${token('cdp', 's1', 'p2')}`)).status, 404);
});

router('a session that has ended or is ending is 410, and says why', async () => {
  const { refusal, state, cdpPath } = await use();
  state.route = { projectId: 'p1', status: 'TIMED_OUT', endReason: 'idle' };
  const { status, body } = await refusal(cdpPath());
  assert.is(status, 410);
  assert.is(body.message, 'The session has ended: No CDP traffic for too long');
  state.route = { projectId: 'p1', status: 'TERMINATING' };
  assert.is((await refusal(cdpPath())).status, 410);
});

router('holds an upgrade until its session is READY', async () => {
  const { connect, state, ready, sessions } = await use();
  state.route = { projectId: 'p1', status: 'STARTING' };
  const connecting = connect();
  while (sessions.waitingCount() === 0) await new Promise(setImmediate);
  state.route = ready;
  const socket = await connecting;
  assert.is((await echo(socket, 'hello')).toString(), 'hello');
  assert.is(sessions.waitingCount(), 0);
  socket.terminate();
});

router('a session that is not ready in time is 504', async () => {
  const { refusal, state, cdpPath } = await use({ readyWaitMs: 30 });
  state.route = { projectId: 'p1', status: 'CREATING' };
  const { status, body } = await refusal(cdpPath());
  assert.is(status, 504);
  assert.is(body.error, 'Gateway Timeout');
});

router('who goes away while waiting waits no more', async () => {
  const { open, raw, state, sessions, cdpPath } = await use();
  state.route = { projectId: 'p1', status: 'STARTING' };
  const half = raw(upgradeOf(cdpPath()));
  while (sessions.waitingCount() === 0) await new Promise(setImmediate);
  half.end();
  while (sessions.waitingCount() > 0) await new Promise(setImmediate);
  const socket = open(cdpPath());
  socket.on('error', () => {});
  while (sessions.waitingCount() === 0) await new Promise(setImmediate);
  socket.terminate();
  while (sessions.waitingCount() > 0) await new Promise(setImmediate);
});

router('connections and waits are bounded: 429', async () => {
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

router('a container that is not there, or hangs up without an answer, is 502', async () => {
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

router('a container that accepts and says nothing is 502', async () => {
  const { refusal, cdpPath, container } = await use({ limits: { answerMs: 30 } });
  container.handlers.upgrade = () => undefined;
  assert.is((await refusal(cdpPath())).status, 502);
});

router("the container's own refusal is passed on", async () => {
  const { refusal, cdpPath, container } = await use();
  const body = '{"statusCode":404,"error":"Not Found","message":"The browser has no page with this id"}';
  container.handlers.upgrade = (_request, socket: Socket) =>
    void socket.end(`HTTP/1.1 404 Not Found\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  assert.equal(await refusal(cdpPath()), { status: 404, body: JSON.parse(body) });
});

router('a table that does not answer is 503, and the error stays inside', async () => {
  const { refusal, state, cdpPath } = await use();
  state.fault = new Error('secret detail');
  const { status, body } = await refusal(cdpPath());
  assert.is(status, 503);
  assert.not.match(JSON.stringify(body), 'secret');
  assert.match(state.log, 'secret detail');
});

router('headers: the way is told, and nothing that opens the API goes on', async () => {
  const { connect, container } = await use();
  const socket = await connect(undefined, {
    'X-Forwarded-For': '203.0.113.9',
    'User-Agent': 'test',
    'X-BB-API-Key': 'k',
    Authorization: 'a',
    Cookie: 'c',
  });
  const headers = container.requests[0]?.headers;
  assert.is(headers?.['x-forwarded-for'], '203.0.113.9, 127.0.0.1');
  assert.is(headers?.['user-agent'], 'test');
  assert.is(headers?.host, `127.0.0.1:${container.address.port}`);
  for (const name of ['x-bb-api-key', 'authorization', 'cookie']) assert.is(headers?.[name], undefined, name);
  socket.terminate();
});

router('the live view is served by HTTP, for reading only', async () => {
  const { get, token, container } = await use();
  const path = `/connect/live/${token('live')}/devtools/inspector.html?ws=x`;
  const response = await get(path, { headers: { connection: 'x-hop', 'x-hop': '1', 'x-end': '2' } });
  assert.is(response.status, 200);
  assert.is(response.headers.get('x-from'), 'container');
  assert.equal(await response.json(), { path: path.replace('/connect', '') });
  assert.is(container.requests[0]?.headers['x-end'], '2');
  const post = await get(path, { method: 'POST', body: 'x' });
  assert.is(post.status, 405);
  assert.is((await get(`/connect/live/${token('cdp')}/json/list`)).status, 401);
  assert.is(container.requests.length, 1);
});

router('an upgrade to something else, or with a body, is 400 and reaches no container', async () => {
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

router('who says too much before the answer is refused; a little is passed on in order', async () => {
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

router('drains: health is 503, nobody new gets in, who is in may finish', async () => {
  const { router: running, connect, refusal, get, cdpPath } = await use();
  assert.is((await get('/health')).status, 200);
  const socket = await connect();
  const drained = running.drain(60_000);
  assert.is((await get('/health')).status, 503);
  assert.is((await refusal(cdpPath())).status, 503);
  assert.is((await echo(socket, 'still here')).toString(), 'still here');
  socket.close(1000);
  await drained;
  await assertRefusesConnections(fixture);
});

router('drains: who waits is sent away, who stays is told to connect again', async () => {
  const { router: running, connect, open, state, sessions, cdpPath, container } = await use();
  const [socket, [server]] = await Promise.all([connect(), once(container.sockets, 'connection')]);
  state.route = { projectId: 'p1', status: 'STARTING' };
  const waiting = open(cdpPath());
  waiting.on('error', () => {});
  while (sessions.waitingCount() === 0) await new Promise(setImmediate);
  const refused = once(waiting, 'unexpected-response');
  const told = [closing(socket), closing(server)];
  await running.drain(0);
  const [, response] = await refused;
  assert.is(response.statusCode, 503);
  assert.equal(await told[0], [1012, 'The router is restarting: connect again']);
  assert.is((await told[1])?.[0], 1012, 'the container is told by the client');
});

router('metrics are for the host only, and count', async () => {
  const { get, connect, refusal } = await use();
  const socket = await connect();
  await refusal('/connect');
  const text = await (await get('/metrics')).text();
  assert.match(text, 'wallcrawler_router_answers_total{kind="upgrade",status="101"} 1');
  assert.match(text, 'wallcrawler_router_answers_total{kind="upgrade",status="401"} 1');
  assert.match(text, 'wallcrawler_router_open_connections 1');
  socket.terminate();
});

async function assertRefusesConnections({ port }: RouterFixture): Promise<void> {
  try {
    await fetch(`http://127.0.0.1:${port}/health`);
  } catch {
    return;
  }
  assert.unreachable('the port is still open');
}

router.run();
