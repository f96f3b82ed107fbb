import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cdpSessionOf, closing, createProxyFixtures, type FixtureOptions } from '../testing/proxy-fixture.ts';
import { untilSteady } from '../testing/until-steady.ts';

const MIB = 1024 * 1024;
const relay = suite('relay: large messages and slow peers');

const { start, stopAll } = createProxyFixtures();
relay.after.each(stopAll);

relay('carries 99 MB both ways, without parsing it', async () => {
  const fixture = await start();
  const client = await fixture.connect();
  const cdpSessionId = await cdpSessionOf(fixture, client);
  const params = { x: 'ab'.repeat(49_500_000) };
  client.send(JSON.stringify({ id: 1, method: 'A.b', params, sessionId: cdpSessionId }));
  const [echoed] = await once(client, 'message');
  assert.ok(JSON.parse(echoed.toString()).result.echo.x === params.x);
});

relay('closes with 1009 and a reason above what Chrome takes', async () => {
  const { connect, seen } = await start();
  const client = await connect();
  client.on('error', () => {});
  client.send(Buffer.alloc(100 * MIB), { binary: false }, () => {});
  assert.equal(await closing(client), [1009, 'A message is larger than the 100 MiB that Chrome takes']);
  assert.is(seen.commands, 0);
});

relay('closes with 1009 and a reason when Chrome says too much', async () => {
  const { connect } = await start({
    maxMessageBytes: MIB,
    onCommand: ({ id, sessionId }, chrome) => chrome.say({ id, result: 'x'.repeat(2 * MIB), sessionId }),
  });
  const client = await connect();
  client.send('{"id":1,"method":"Give.two"}');
  assert.equal(await closing(client), [1009, 'Chrome sent a message that is larger than 256 MiB']);
});

const flood = (count: number): FixtureOptions => ({
  limits: { highWaterBytes: MIB, lowWaterBytes: MIB / 4 },
  onCommand({ sessionId }, chrome) {
    for (let sent = 0; sent < count; sent += 1)
      chrome.say({ method: 'A.event', params: 'x'.repeat(MIB), sessionId });
  },
});

relay('stops reading Chrome while its only client does not read', async () => {
  const { connect, chrome, get } = await start(flood(64));
  const client = await connect();
  client.pause();
  client.send('{"id":1,"method":"Flood.me"}');
  const held = await untilSteady(chrome.unreadBytes);
  assert.ok(held > 30 * MIB, `Chrome still holds ${held} bytes`);
  assert.is((await get('/health')).status, 200);
  let received = 0;
  client.on('message', () => {
    received += 1;
  });
  client.resume();
  while (received < 64) await once(client, 'message');
  assert.is(received, 64);
});

relay('does not let a slow client hold up another one', async () => {
  const { connect, chrome, ask } = await start(flood(64));
  const [slow, quick] = [await connect(), await connect()];
  slow.pause();
  slow.send('{"id":1,"method":"Flood.me"}');
  await untilSteady(chrome.unreadBytes);
  assert.equal(await ask(quick, { id: 1, method: 'Browser.getVersion' }), {
    id: 1,
    result: { product: 'Fake/1' },
  });
  assert.is(chrome.unreadBytes(), 0);
});

relay('gives up a client that is hopelessly behind, when it is not alone', async () => {
  const options = flood(64);
  const fixture = await start({ ...options, limits: { ...options.limits, maxUnsentBytes: 32 * MIB } });
  const [slow, quick] = [await fixture.connect(), await fixture.connect()];
  slow.pause();
  slow.send('{"id":1,"method":"Flood.me"}');
  await untilSteady(fixture.chrome.unreadBytes);
  const closed = closing(slow);
  slow.resume();
  assert.equal(await closed, [1013, 'The client reads too slowly, and too much waits for it']);
  assert.is((await fixture.ask(quick, { id: 1, method: 'Browser.getVersion' })).id, 1);
});

relay('stops reading a client while Chrome does not read', async () => {
  const fixture = await start();
  const client = await fixture.connect();
  fixture.chrome.pause();
  const total = 64;
  const command = JSON.stringify({ id: 1, method: 'A.b', params: { x: 'x'.repeat(MIB) } });
  for (let sent = 0; sent < total; sent += 1) client.send(command);
  const held = await untilSteady(() => client.bufferedAmount);
  assert.ok(held > 30 * MIB, `the client still holds ${held} bytes`);
  let received = 0;
  client.on('message', () => {
    received += 1;
  });
  fixture.chrome.resume();
  while (received < total) await once(client, 'message');
  assert.is(received, total);
});

relay.run();
