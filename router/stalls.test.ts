// Clients that do not take what is sent to them.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RouterFixture, startRouterFixture } from './testing/router-fixture.ts';

// Far more than all buffers on the way hold together.
const CHUNK = Buffer.alloc(4 << 20);
const CHUNKS = 25;
const STALL_MS = 20;

let fixture: RouterFixture;

/** A connected client that reads nothing, with more on the way than it may leave lying. */
async function startStalled() {
  fixture = await startRouterFixture({ limits: { stallMs: STALL_MS } });
  const { connect, container } = fixture;
  const [client, [server]] = await Promise.all([connect(), once(container.sockets, 'connection')]);
  client.pause();
  for (let sent = 0; sent < CHUNKS; sent++) server.send(CHUNK);
  return { ...fixture, client, server };
}

const LIVE = (token: string) => `GET /connect/live/${token}/x HTTP/1.1\r\nHost: x\r\n\r\n`;

async function startDownload() {
  fixture = await startRouterFixture({ limits: { stallMs: STALL_MS } });
  const { container, raw, token } = fixture;
  container.handlers.request = (_request, response: ServerResponse) => {
    for (let sent = 0; sent < CHUNKS; sent++) response.write(CHUNK);
    response.end();
  };
  const client = raw(LIVE(token('live')));
  await once(client, 'data');
  client.pause();
  return { ...fixture, client };
}

const stalls = suite('a client that does not read');
stalls.after.each(() => fixture.stop());

stalls('keeps its slot as long as its session lives', async () => {
  const { client, state, openCount } = await startStalled();
  const { reads } = state;
  while (state.reads < reads + 3) await new Promise(setImmediate);
  assert.is(await openCount(), 1);
  client.resume();
  for (let received = 0; received < CHUNKS; received++) await once(client, 'message');
  client.terminate();
});

stalls('is cut when its session has ended', async () => {
  const { client, server, state, openCount } = await startStalled();
  state.route = { projectId: 'p1', status: 'STOPPED' };
  server.close(4000, 'The session was released');
  while ((await openCount()) > 0);
  client.terminate();
});

stalls('is cut when the session cannot be read for a while, but not before it has been', async () => {
  const { client, state, openCount } = await startStalled();
  const { reads } = state;
  state.fault = new Error('DynamoDB is away');
  while (state.reads < reads + 3) await new Promise(setImmediate);
  assert.is(await openCount(), 1);
  assert.match(state.log, 'whether a session is over is not known');
  state.fault = undefined;
  state.route = undefined;
  while ((await openCount()) > 0);
  client.terminate();
});

stalls('gets no file of the live view', async () => {
  const { client, openCount, state } = await startDownload();
  while ((await openCount()) > 0);
  assert.not.match(state.log, 'a connection failed');
  client.destroy();
});

stalls('may break a download off, which is no fault', async () => {
  const { client, openCount, state } = await startDownload();
  client.destroy();
  while ((await openCount()) > 0);
  assert.not.match(state.log, /a connection failed|refused/);
});

stalls.run();
