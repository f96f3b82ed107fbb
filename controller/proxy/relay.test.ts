import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import {
  closing,
  type FixtureOptions,
  type ProxyFixture,
  startProxyFixture,
} from '../testing/proxy-fixture.ts';

const MIB = 1024 * 1024;
const relay = suite('relay');

const fixtures: ProxyFixture[] = [];
const start = async (options?: FixtureOptions): Promise<ProxyFixture> => {
  const fixture = await startProxyFixture(options);
  fixtures.push(fixture);
  return fixture;
};
relay.after.each(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.stop();
});

relay('carries text and binary as they are, in order', async () => {
  const { connect } = await start();
  const client = await connect();
  const received: [string, boolean][] = [];
  client.on('message', (data: Buffer, isBinary) => received.push([data.toString('latin1'), isBinary]));
  const odd = Buffer.from([0xff, 0x00, 0xc3]);
  client.send('{"id":1, "method" : "A.b"}');
  client.send(odd, { binary: true });
  client.send('');
  client.send('last');
  while (received.length < 4) await once(client, 'message');
  assert.equal(received, [
    ['{"id":1, "method" : "A.b"}', false],
    [odd.toString('latin1'), true],
    ['', false],
    ['last', false],
  ]);
});

relay('carries 100 MB both ways', async () => {
  const { connect } = await start();
  const client = await connect();
  const message = Buffer.alloc(100 * MIB, 'ab');
  client.send(message, { binary: false });
  const [echoed] = await once(client, 'message');
  assert.ok(message.equals(echoed));
});

relay('closes with 1009 and a reason above 256 MB, from the client', async () => {
  const { connect, seen } = await start();
  const client = await connect();
  client.on('error', () => {});
  client.send(Buffer.alloc(256 * MIB + 1), () => {});
  assert.equal(await closing(client), [1009, 'A message is larger than 256 MB']);
  assert.is(seen.commands, 0);
});

relay("closes with 1009 and a reason above the limit, from Chrome's side", async () => {
  const onChromeSocket = (socket: WebSocket) =>
    socket.on('message', () => socket.send(Buffer.alloc(2 * MIB)));
  const { connect } = await start({ onChromeSocket, limits: { maxMessageBytes: MIB } });
  const client = await connect();
  client.send('give me two');
  assert.equal(await closing(client), [1009, 'A message is larger than 256 MB']);
});

relay('stops reading Chrome while a client does not read', async () => {
  let fromChrome: WebSocket | undefined;
  const onChromeSocket = (socket: WebSocket) => {
    fromChrome = socket;
  };
  const limits = { highWaterBytes: MIB, lowWaterBytes: MIB / 4 };
  const { connect } = await start({ onChromeSocket, limits });
  const client = await connect();
  client.pause();
  const chunk = Buffer.alloc(MIB);
  const total = 64;
  for (let sent = 0; sent < total; sent += 1) fromChrome?.send(chunk);
  // Chrome's side fills up and stays full: the proxy has stopped taking from it.
  const held = await untilSteady(() => fromChrome?.bufferedAmount ?? 0);
  assert.ok(held > 30 * MIB, `Chrome's side still holds ${held} bytes`);
  let received = 0;
  client.on('message', () => {
    received += 1;
  });
  client.resume();
  while (received < total) await once(client, 'message');
  assert.is(received, total);
});

relay('stops reading a client while Chrome does not read', async () => {
  let fromClient: WebSocket | undefined;
  const onChromeSocket = (socket: WebSocket) => {
    fromClient = socket;
    socket.pause();
  };
  const { connect } = await start({
    onChromeSocket,
    limits: { highWaterBytes: MIB, lowWaterBytes: MIB / 4 },
  });
  const client = await connect();
  const total = 64;
  for (let sent = 0; sent < total; sent += 1) client.send(Buffer.alloc(MIB));
  const held = await untilSteady(() => client.bufferedAmount);
  assert.ok(held > 30 * MIB, `the client still holds ${held} bytes`);
  let received = 0;
  fromClient?.on('message', () => {
    received += 1;
  });
  fromClient?.resume();
  while (received < total) await once(fromClient as WebSocket, 'message');
  assert.is(received, total);
});

relay('keeps clients apart', async () => {
  const { connect, seen } = await start();
  const clients = await Promise.all([connect(), connect(), connect()]);
  const answers = clients.map(async (client, index) => {
    client.send(`client ${index}`);
    const [data] = await once(client, 'message');
    return data.toString();
  });
  assert.equal(await Promise.all(answers), ['client 0', 'client 1', 'client 2']);
  assert.equal(seen.counts.at(-1), 3);
});

relay('loses nothing that Chrome says at once', async () => {
  const { open, token } = await start({ onChromeSocket: (socket) => socket.send('hello') });
  const client = open(`/?signingKey=${token('cdp')}`);
  const [data] = await once(client, 'message');
  assert.is(data.toString(), 'hello');
});

const CHROME_CLOSES: readonly (readonly [string, (socket: WebSocket) => void, number, string])[] = [
  ['cuts a page', (socket) => socket.terminate(), 1001, 'The page was closed'],
  ['closes with a code', (socket) => socket.close(4321, 'as it is'), 4321, 'as it is'],
  ['closes without a code', (socket) => socket.close(), 1001, 'The page was closed'],
];
for (const [name, close, code, reason] of CHROME_CLOSES) {
  relay(`tells the client a sendable code when Chrome ${name}`, async () => {
    const { connect, token } = await start({
      onChromeSocket: (socket) => socket.once('message', () => close(socket)),
      limits: { chromeLossGraceMs: 10 },
    });
    const client = await connect(`/devtools/page/A?signingKey=${token('cdp')}`);
    client.send('go');
    assert.equal(await closing(client), [code, reason]);
  });
}

relay('prefers the end of the session to the loss of Chrome', async () => {
  const fixture = await start({
    onChromeSocket: (socket) => socket.once('message', () => socket.terminate()),
  });
  const client = await fixture.connect();
  client.send('die');
  const closed = closing(client);
  fixture.proxy.endSession({ code: 4020, text: 'The browser exited unexpectedly' });
  assert.equal(await closed, [4020, 'The browser exited unexpectedly']);
});

relay('drops Chrome when the client drops', async () => {
  const closed = Promise.withResolvers<void>();
  const { connect, seen } = await start({
    onChromeSocket: (socket) => socket.once('close', () => closed.resolve()),
  });
  const client = await connect();
  client.terminate();
  await closed.promise;
  assert.equal(seen.counts, [1, 0]);
});

relay('pings, and drops a client that shows no life', async () => {
  const { connect, seen } = await start({ limits: { pingIntervalMs: 30 } });
  const lively = await connect();
  const dead = await connect();
  dead.pause();
  const gone = once(dead, 'close');
  for (let pings = 0; pings < 4; pings += 1) await once(lively, 'ping');
  dead.resume();
  await gone;
  assert.is(seen.counts.at(-1), 1);
});

/** The value when it has stopped changing. */
async function untilSteady(read: () => number): Promise<number> {
  let before = -1;
  for (let same = 0; same < 10; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = read();
    same = now === before ? same + 1 : 0;
    before = now;
  }
  return before;
}

relay.run();
