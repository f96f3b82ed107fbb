import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type WebSocket, WebSocketServer } from 'ws';
import { createProxyFixtures } from '../testing/proxy-fixture.ts';
import { originOf, proveReady } from './prove-ready.ts';

const proof = suite('the proof that a session is ready');
const { start, stopAll } = createProxyFixtures();
proof.after.each(stopAll);

const messageOf = (promise: Promise<string>): Promise<string> =>
  promise.then(
    (product) => `ready: ${product}`,
    (error: Error) => error.message,
  );

proof('is Chrome’s answer, by the way that a client takes', async () => {
  const { port, proxy, chrome, get } = await start();
  assert.is(await proveReady(originOf('127.0.0.1', port), proxy.issueProbeKey()), 'Fake/1');
  assert.ok(chrome.commands.some(({ method, sessionId }) => method === 'Browser.getVersion' && sessionId));
  const metrics = await (await get('/metrics')).text();
  assert.match(metrics, 'wallcrawler_proxy_upgrades_total{status="101"} 1');
});

proof('leaves no socket, and does not count as a client', async () => {
  const { port, proxy, chrome, seen } = await start();
  await proveReady(originOf('127.0.0.1', port), proxy.issueProbeKey());
  while (chrome.sessions.size > 0) await new Promise(setImmediate);
  assert.equal(seen.counts, []);
});

proof('reaches a proxy that listens on every address', async () => {
  const { port, proxy } = await start();
  assert.is(await proveReady(originOf('0.0.0.0', port), proxy.issueProbeKey()), 'Fake/1');
});

proof('fails by a key that has been used, and does not repeat it', async () => {
  const { port, proxy } = await start();
  const key = proxy.issueProbeKey();
  await proveReady(originOf('127.0.0.1', port), key);
  const message = await messageOf(proveReady(originOf('127.0.0.1', port), key));
  assert.match(message, '401');
  assert.not.match(message, key);
});

proof('fails when the proxy has no Chrome, and when there is no proxy', async () => {
  const { port, proxy } = await start({ isAttached: false, limits: { maxReadyWaitMs: 10 } });
  assert.match(await messageOf(proveReady(originOf('127.0.0.1', port), proxy.issueProbeKey())), '503');
  await stopAll();
  assert.match(await messageOf(proveReady(originOf('127.0.0.1', port), 'key')), 'ECONNREFUSED');
});

/** What the proof says of a proxy that does this with it. */
async function against(onSocket: (socket: WebSocket) => void): Promise<string> {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', onSocket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => open.add(socket));
  try {
    return await messageOf(proveReady(originOf('127.0.0.1', (server.address() as AddressInfo).port), 'key'));
  } finally {
    for (const socket of open) socket.destroy();
    server.close();
  }
}

for (const [what, onSocket, message] of [
  [
    'Chrome refuses',
    (socket: WebSocket) => socket.send('{"id":1,"error":{"code":-32000,"message":"no"}}'),
    'Chrome did not say which version it is',
  ],
  [
    'Chrome says nothing of its version',
    (socket: WebSocket) => socket.send('{"id":1,"result":{}}'),
    'Chrome did not say which version it is',
  ],
  [
    'the session ends meanwhile',
    (socket: WebSocket) => socket.close(4000, 'The session was released'),
    'The proxy closed the check with 4000',
  ],
  [
    'the connection is cut',
    (socket: WebSocket) => socket.terminate(),
    'The proxy closed the check with 1006',
  ],
] as const) {
  proof(`fails when ${what}, and says so`, async () => {
    assert.is(await against(onSocket), message);
  });
}

proof.run();
