import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { closing, type RouterFixture, startRouterFixture } from './testing/router-fixture.ts';

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

router('headers: the way is named, and nothing that opens the API goes on', async () => {
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

router('drains: who waits is sent away, who stays is asked to connect again', async () => {
  const { router: running, connect, open, state, sessions, cdpPath, container } = await use();
  const [socket, [server]] = await Promise.all([connect(), once(container.sockets, 'connection')]);
  state.route = { projectId: 'p1', status: 'STARTING' };
  const waiting = open(cdpPath());
  waiting.on('error', () => {});
  while (sessions.waitingCount() === 0) await new Promise(setImmediate);
  const refused = once(waiting, 'unexpected-response');
  const closes = [closing(socket), closing(server)];
  await running.drain(0);
  const [, response] = await refused;
  assert.is(response.statusCode, 503);
  assert.equal(await closes[0], [1012, 'The router is restarting: connect again']);
  assert.is((await closes[1])?.[0], 1012, 'the container hears it from the client');
});

router('says 1012 by itself once the load balancer has taken it out, and goes on serving', async () => {
  const { get, connect } = await use({
    limits: { departureCheckMs: 10, departureQuietMs: 50, departureMs: 100 },
  });
  const closed = closing(await connect());
  await get('/health', { headers: { 'user-agent': 'ELB-HealthChecker/2.0' } });
  assert.equal(await closed, [1012, 'The router is restarting: connect again']);
  const after = await connect();
  assert.is((await get('/health')).status, 200, 'whoever still comes is let in');
  after.terminate();
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
