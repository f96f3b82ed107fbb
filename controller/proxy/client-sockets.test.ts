import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../core/log/logger.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { closing, createProxyFixtures, inboxOf, type ProxyFixture } from '../testing/proxy-fixture.ts';
import { Uploads } from '../uploads/uploads.ts';
import { createProxy } from './server.ts';

const sockets = suite('the sockets of clients');
const { start, stopAll } = createProxyFixtures();
sockets.after.each(stopAll);

const logsOf = ({ seen }: ProxyFixture): Record<string, unknown>[] =>
  seen.log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const metricOf = async ({ get }: ProxyFixture, line: string): Promise<number> => {
  const text = await (await get('/metrics')).text();
  return Number(
    text
      .split('\n')
      .find((other) => other.startsWith(`${line} `))
      ?.slice(line.length + 1),
  );
};

sockets('are logged when they come and go, with what they are and how they closed', async () => {
  const fixture = await start();
  const client = await fixture.connect();
  const viewer = await fixture.connect(`/live/${fixture.token('live')}/devtools/page/A`);
  client.close(1001);
  viewer.close(1000);
  while (logsOf(fixture).length < 4) await new Promise(setImmediate);
  const lines = logsOf(fixture).map(({ message, clientKind, pageId, closeCode }) =>
    [message, clientKind, pageId, closeCode].filter((part) => part !== undefined).join(' '),
  );
  assert.equal(lines.sort(), [
    'client connected cdp',
    'client connected live A',
    'client disconnected cdp 1001',
    'client disconnected live A 1000',
  ]);
});

sockets('are counted by kind, and not any more when they have gone', async () => {
  const fixture = await start();
  const client = await fixture.connect();
  await fixture.connect(`/live/${fixture.token('live')}/devtools/page/A`);
  const open = (kind: string) => metricOf(fixture, `wallcrawler_proxy_open_sockets{kind="${kind}"}`);
  assert.equal([await open('cdp'), await open('live')], [1, 1]);
  client.terminate();
  while (fixture.seen.counts.at(-1) !== 0) await new Promise(setImmediate);
  assert.equal([await open('cdp'), await open('live')], [0, 1]);
});

sockets('have their messages counted, those the proxy answers itself as well', async () => {
  const fixture = await start();
  const client = await fixture.connect();
  await fixture.ask(client, { id: 1, method: 'A.b' });
  client.send('nonsense');
  await once(client, 'message');
  assert.is(await metricOf(fixture, 'wallcrawler_proxy_messages_total{direction="toChrome"}'), 2);
  assert.is(await metricOf(fixture, 'wallcrawler_proxy_messages_total{direction="toClient"}'), 1);
  assert.is(fixture.seen.commands, 2, 'whatever a client says shows that it is there');
});

sockets('hear nothing of each other, and each of its own events', async () => {
  const fixture = await start();
  const [one, two] = [await fixture.connect(), await fixture.connect()];
  const inboxes = [inboxOf(one), inboxOf(two)];
  const [first, second] = fixture.chrome.sessions;
  fixture.chrome.say({ method: 'For.one', params: {}, sessionId: first });
  fixture.chrome.say({ method: 'For.two', params: {}, sessionId: second });
  assert.equal(await Promise.all(inboxes.map(async (next) => (await next()).method)), ['For.one', 'For.two']);
});

sockets('send no compressed message, and take none', async () => {
  const { connect } = await start();
  assert.is((await connect()).extensions, '');
});

sockets('are cut with the proxy', async () => {
  const { connect, proxy } = await start();
  const closed = closing(await connect());
  await proxy.close();
  assert.is((await closed)[0], 1006);
});

sockets('say no more than a close frame can carry', async () => {
  const { connect, proxy } = await start();
  const closed = closing(await connect());
  const ending = proxy.endSession({ code: 4011, text: 'ä'.repeat(100) });
  const [code, reason] = await closed;
  assert.equal([code, reason], [4011, 'ä'.repeat(61)]);
  await ending;
});

sockets.run();

const port = suite('the port of the proxy');
port.after.each(stopAll);

port('that somebody else has is a failure of the start', async () => {
  const { port: taken } = await start();
  const proxy = createProxy({
    publicKeys: {},
    downloadsFolder: '/downloads',
    uploads: new Uploads({ folder: '/uploads', unfinished: '/unfinished' }),
    logger: createLogger({}, () => {}),
    clock: createManualClock(),
  });
  const error = await proxy.listen('127.0.0.1', taken).catch((thrown: NodeJS.ErrnoException) => thrown);
  assert.is((error as NodeJS.ErrnoException).code, 'EADDRINUSE');
});

port('opens for nobody before its session is assigned, nor for another session', async () => {
  const { refusal, proxy, token } = await start();
  const path = `/?signingKey=${token('cdp')}`;
  const events = { onCdpClients() {}, onCommand() {}, onBrowserClose() {} };
  proxy.assign({ sessionId: 's2', keepAlive: false, events });
  assert.is((await refusal(path)).status, 401);
});

port('has a new key for each probe, of which only the last opens it', async () => {
  const { proxy, refusal, connect } = await start();
  const [first, second] = [proxy.issueProbeKey(), proxy.issueProbeKey()];
  assert.is.not(first, second);
  assert.is((await refusal(`/?signingKey=${first}`)).status, 401);
  (await connect(`/?signingKey=${second}`)).terminate();
});

port('closes an end of which nobody is left at once', async () => {
  const { proxy, get } = await start({ limits: { closeTimeoutMs: 3_600_000 } });
  await proxy.endSession({ code: 4000, text: 'over' });
  assert.is((await get('/health')).status, 503);
});

port.run();
