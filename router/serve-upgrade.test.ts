// One client's WebSocket at its edges: what is logged and counted of it, and who hears of whose end.
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
const ACCEPTED = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n';
const upgradeOf = (path: string, more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${more}\r\n`;
/** Lines of the log with this message. */
const logged = (message: string): Record<string, unknown>[] =>
  fixture.state.log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter((line) => line.message === message);
const untilNobodyIsThere = async () => {
  while ((await fixture.openCount()) > 0);
};

const upgrades = suite('an upgrade');
upgrades.after.each(() => fixture.stop());

upgrades(
  'is logged by its session when it begins and when it ends, with the bytes of both directions',
  async () => {
    const { raw, cdpPath, container, token } = await use();
    container.handlers.upgrade = (_request, socket: Socket) => {
      socket.write(ACCEPTED);
      socket.once('data', () => socket.end('answer'));
    };
    const head = upgradeOf(cdpPath());
    const client = raw(head);
    await once(client, 'data');
    client.end('question');
    await readAll(client);
    await untilNobodyIsThere();
    assert.is(logged('client connected').length, 1);
    const [line] = logged('client disconnected');
    assert.equal([line?.sessionId, line?.projectId], ['s1', 'p1']);
    assert.equal([line?.bytesToClient, line?.bytesToBrowser], [ACCEPTED.length + 6, head.length + 8]);
    assert.ok(Number(line?.durationMs) >= 0);
    assert.not.match(fixture.state.log, token('cdp').slice(0, 30), 'no token is logged');
  },
);

upgrades('adds what it carried to the metrics only when it is over', async () => {
  const { connect, get } = await use();
  const metric = async (direction: string) => {
    const text = await (await get('/metrics')).text();
    return Number(new RegExp(`bytes_total{direction="${direction}"} (\\d+)`).exec(text)?.[1]);
  };
  const client = await connect();
  client.send('x'.repeat(1000));
  await once(client, 'message');
  assert.is(await metric('toClient'), 0);
  client.terminate();
  await untilNobodyIsThere();
  assert.ok((await metric('toClient')) > 1000);
  assert.ok((await metric('toBrowser')) > 1000);
});

upgrades('is read as one, however its words are written', async () => {
  const { raw, cdpPath, container } = await use();
  container.handlers.upgrade = (_request, socket: Socket) => void socket.end(`${ACCEPTED}hello`);
  const client = raw(
    `GET ${cdpPath()} HTTP/1.1\r\nhost: x\r\nCONNECTION: keep-alive, UPGRADE\r\nupgrade: WebSocket\r\nContent-Length: 0\r\n\r\n`,
  );
  assert.match(await readAll(client), /hello$/);
  assert.is(container.requests[0]?.headers.connection, 'Upgrade');
  assert.is(container.requests[0]?.headers.upgrade, 'websocket');
});

upgrades('carries headers that look like a second request as headers only', async () => {
  const { raw, cdpPath, container } = await use();
  container.handlers.upgrade = (_request, socket: Socket) => void socket.end(ACCEPTED);
  const smuggled = raw(upgradeOf(cdpPath(), 'X-A: b\r\n GET /evil HTTP/1.1\r\n'));
  assert.match(await readAll(smuggled), /^HTTP\/1\.1 (400|101) /);
  assert.ok(container.requests.every(({ url }) => !url?.includes('evil')));
});

upgrades('that comes in pieces is one all the same', async () => {
  const { raw, cdpPath, container } = await use();
  container.handlers.upgrade = (_request, socket: Socket) => void socket.end(`${ACCEPTED}hello`);
  const text = upgradeOf(cdpPath());
  const client = raw('');
  for (let at = 0; at < text.length; at += 37) {
    client.write(text.slice(at, at + 37));
    await new Promise(setImmediate);
  }
  assert.match(await readAll(client), /hello$/);
});

upgrades(
  'of a client that leaves before the container has answered closes the way to it, unlogged',
  async () => {
    const { raw, cdpPath, container, openCount } = await use();
    const reached = Promise.withResolvers<Socket>();
    container.handlers.upgrade = (_request, socket: Socket) => reached.resolve(socket);
    const client = raw(upgradeOf(cdpPath()));
    const upstream = await reached.promise;
    assert.is(await openCount(), 1);
    const ended = readAll(upstream).catch(() => 'reset');
    client.destroy();
    assert.match(await ended, /^(reset)?$/);
    await untilNobodyIsThere();
    assert.equal([logged('refused').length, logged('a connection failed').length], [0, 0]);
  },
);

upgrades('is joined although the container answers with half a line first', async () => {
  const { raw, cdpPath, container } = await use();
  container.handlers.upgrade = (_request, socket: Socket) => {
    socket.write(ACCEPTED.slice(0, 5));
    setImmediate(() => socket.end(`${ACCEPTED.slice(5)}hello`));
  };
  assert.is(await readAll(raw(upgradeOf(cdpPath()))), `${ACCEPTED}hello`);
});

upgrades('of a container that sends no HTTP reaches the client as it is', async () => {
  const { raw, cdpPath, container } = await use();
  container.handlers.upgrade = (_request, socket: Socket) => void socket.end('nonsense');
  assert.is(await readAll(raw(upgradeOf(cdpPath()))), 'nonsense');
  await untilNobodyIsThere();
  assert.is(logged('client disconnected').length, 1);
});

upgrades.run();
