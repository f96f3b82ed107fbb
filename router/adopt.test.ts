/** A client that another process has accepted, and whose request it has read. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { closing, type RouterFixture, readAll, startRouterFixture } from './testing/router-fixture.ts';

let fixture: RouterFixture;
const adopting = suite('an adopted client');
adopting.after.each(() => fixture.stop());

/** Listens as the other process does: reads the first bytes and gives the connection away. */
async function startFront() {
  fixture = await startRouterFixture();
  const front = createServer((client: Socket) =>
    client.once('data', (sent) => fixture.router.adopt(client, sent)),
  ).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  return { port, stop: () => front.close() };
}

adopting('is joined to its session as if it had come here, and keeps the close codes of both', async () => {
  const { port, stop } = await startFront();
  const socket = new WebSocket(`ws://127.0.0.1:${port}${fixture.cdpPath()}`, { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send('hello');
  const [data] = await once(socket, 'message');
  assert.is(String(data), 'hello');
  assert.match(String(fixture.container.requests[0]?.headers['x-forwarded-for']), /127\.0\.0\.1$/);
  const draining = fixture.router.drain(0);
  assert.equal(await closing(socket), [1012, 'The router is restarting: connect again']);
  await draining;
  stop();
});

adopting('is refused in the words of the router, with the connection closed', async () => {
  const { port, stop } = await startFront();
  const client = connect(port, '127.0.0.1');
  client.write('GET /connect HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  assert.match(await readAll(client), /^HTTP\/1\.1 401 .*connection: close/s);
  stop();
});

adopting.run();
