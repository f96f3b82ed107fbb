import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../core/clock/system-clock.ts';
import { splice } from './splice.ts';
import { readAll } from './testing/router-fixture.ts';

const ACCEPTED = 'HTTP/1.1 101 X\r\n\r\n';
const opened: Socket[] = [];

/** Two ends of one connection: the peer's, and the one that is spliced. */
async function connection(): Promise<{ peer: Socket; spliced: Socket }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const peer = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  const [spliced] = (await once(server, 'connection')) as [Socket];
  server.close();
  opened.push(peer, spliced);
  return { peer, spliced };
}

async function joined(lingerMs = 10_000) {
  const [client, container] = [await connection(), await connection()];
  const handle = splice(client.spliced, container.spliced, { lingerMs, clock: systemClock });
  return { client: client.peer, container: container.peer, handle };
}

const splices = suite('splice');
splices.after.each(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

splices('carries bytes both ways, to the last one, and counts them', async () => {
  const { client, container, handle } = await joined();
  client.end('question');
  assert.is(await readAll(container), 'question', 'the end of one direction leaves the other open');
  container.end('answer');
  assert.is(await readAll(client), 'answer');
  assert.equal(await handle.closed, { bytesToBrowser: 8, bytesToClient: 6 });
});

splices('a side that does not end after the other has is cut', async () => {
  const { client, container, handle } = await joined(10);
  container.end('the last word');
  assert.is(await readAll(client), 'the last word');
  await handle.closed;
});

splices('a close frame waits until the message that is under way is through', async () => {
  const { client, container, handle } = await joined();
  const received = readAll(client);
  container.write(`${ACCEPTED}\x81\x06abc`, 'latin1');
  await once(client, 'data');
  handle.close(1012, 'bye');
  container.write('def\x81\x01g', 'latin1');
  assert.is(await received, `${ACCEPTED}\x81\x06abcdef\x81\x01g\x88\x05\x03\xf4bye`);
  client.end('\x88\x02\x03\xf4', 'latin1');
  assert.is(await readAll(container), '\x88\x02\x03\xf4', "the client's answer still gets through");
  await handle.closed;
});

splices('what is no WebSocket gets no frame: it is cut after a while', async () => {
  const { client, container, handle } = await joined(10);
  const received = readAll(client);
  container.write('HTTP/1.1 404 Not Found\r\n\r\n');
  await once(client, 'data');
  handle.close(1012, 'bye');
  await handle.closed;
  assert.is(await received.catch(() => 'reset'), 'HTTP/1.1 404 Not Found\r\n\r\n');
});

splices('is cut where one side is reset, and the other hears of it', async () => {
  for (const [left, right] of [
    ['client', 'container'],
    ['container', 'client'],
  ] as const) {
    const sides = await joined();
    const heard = readAll(sides[right]).catch(() => 'reset');
    sides[left].resetAndDestroy();
    assert.match(await heard, /^(reset)?$/);
    assert.ok(await sides.handle.closed);
  }
});

splices('lets the slower one set the pace: what is not taken stays at the other end', async () => {
  const { client, container, handle } = await joined();
  const megabytes = 64;
  client.pause();
  for (let sent = 0; sent < megabytes; sent++) container.write(Buffer.alloc(1 << 20));
  container.end();
  for (let round = 0; round < 50; round++) await new Promise(setImmediate);
  assert.ok(container.writableLength > 0, 'not all of it was taken from the container');
  client.end();
  assert.is((await readAll(client)).length, megabytes << 20);
  assert.is((await handle.closed).bytesToClient, megabytes << 20);
});

splices('sends one close frame, though it is asked twice', async () => {
  const { client, container, handle } = await joined();
  const received = readAll(client);
  container.write(`${ACCEPTED}\x81\x03ab`, 'latin1');
  await once(client, 'data');
  handle.close(1012, 'one');
  handle.close(4000, 'two');
  container.write('c', 'latin1');
  assert.is(await received, `${ACCEPTED}\x81\x03abc\x88\x05\x03\xf4one`);
  client.end();
  await handle.closed;
});

splices('cuts a client that does not answer a close frame, after a while', async () => {
  const { client, container, handle } = await joined(10);
  container.write(ACCEPTED);
  await once(client, 'data');
  const heard = readAll(container).catch(() => 'reset');
  handle.close(1012, 'bye');
  await handle.closed;
  assert.match(await heard, /^(reset)?$/);
});

splices('cuts both at once when it is told to, in the middle of whatever it is', async () => {
  const { client, container, handle } = await joined();
  client.on('error', () => undefined).write('half of a');
  await once(container, 'data');
  const ends = [client, container].map((side) => readAll(side).catch(() => 'reset'));
  handle.cut();
  for (const end of await Promise.all(ends)) assert.match(end, /^(reset)?$/);
  assert.equal(await handle.closed, { bytesToBrowser: 9, bytesToClient: 0 });
});

splices.run();
