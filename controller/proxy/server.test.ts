import { once } from 'node:events';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exchangeBytes } from '../../core/testing/cut-bodies.ts';
import { startFakeChrome } from '../testing/fake-chrome.ts';
import { closing, createProxyFixtures } from '../testing/proxy-fixture.ts';

const { start, stopAll } = createProxyFixtures();

const upgrade = suite('upgrades');
upgrade.after.each(stopAll);

upgrade('refuses with a status and one sentence, and never says or logs the token', async () => {
  const { refusal, token, seen } = await start();
  const live = token('live');
  assert.equal(await refusal(`/?signingKey=${live}`), {
    status: 401,
    body: {
      statusCode: 401,
      error: 'Unauthorized',
      message: 'The token is missing, expired or not for this session',
    },
  });
  assert.is((await refusal(`/nothing?signingKey=${token('cdp')}`)).status, 404);
  assert.not.match(seen.log, live);
});

upgrade('says in the same shape what is no request', async () => {
  const { port } = await start();
  for (const [bytes, status] of [
    ['nonsense\r\n\r\n', 400],
    ['CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n', 405],
    [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ] as const) {
    const { text } = await exchangeBytes(port, bytes);
    assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*\\{"statusCode":${status},"error":"`));
  }
});

upgrade('answers 404 for a page that Chrome does not have', async () => {
  const { refusal, token } = await start();
  const { status, body } = await refusal(`/devtools/page/missing?signingKey=${token('cdp')}`);
  assert.equal([status, body.message], [404, 'The browser has no page with this id']);
});

upgrade('does not look at the Origin', async () => {
  const { port, token } = await start();
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(`ws://127.0.0.1:${port}/?signingKey=${token('cdp')}`, {
    origin: 'chrome-extension://abc',
  });
  await once(socket, 'open');
  socket.terminate();
});

upgrade('waits for a Chrome that is starting', async () => {
  const { connect, proxy, chrome, ask } = await start({ isAttached: false });
  const connecting = connect();
  proxy.attach(chrome.connection);
  assert.equal((await ask(await connecting, { id: 1, method: 'A.b' })).id, 1);
});

upgrade('answers 503 when Chrome does not come', async () => {
  const { refusal, token } = await start({ isAttached: false, limits: { maxReadyWaitMs: 10 } });
  assert.is((await refusal(`/?signingKey=${token('cdp')}`)).status, 503);
});

upgrade('answers 429 above its rate, but counts no bad tokens', async () => {
  const { connect, refusal, token } = await start({ limits: { upgradeBurst: 2, upgradesPerSecond: 0.001 } });
  for (let bad = 0; bad < 5; bad += 1) assert.is((await refusal('/?signingKey=x')).status, 401);
  await connect();
  await connect();
  const { status, body } = await refusal(`/?signingKey=${token('cdp')}`);
  assert.equal([status, body.error], [429, 'Too Many Requests']);
});

upgrade('answers 429 above its number of sockets', async () => {
  const { connect, refusal, token } = await start({ limits: { maxSockets: 1 } });
  await connect();
  assert.is((await refusal(`/?signingKey=${token('cdp')}`)).status, 429);
});

upgrade('takes the probe key once, and does not count the probe', async () => {
  const { connect, refusal, proxy, seen } = await start();
  const path = `/?signingKey=${proxy.issueProbeKey()}`;
  const probe = await connect(path);
  assert.is((await refusal(path)).status, 401);
  assert.equal(seen.counts, []);
  probe.terminate();
});

upgrade('forgets a client that leaves before Chrome is there', async () => {
  const { port, proxy, chrome, token, seen, connect, get } = await start({ isAttached: false });
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `GET /?signingKey=${token('cdp')} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
  );
  socket.resetAndDestroy();
  await once(socket, 'close');
  // Answered after the proxy has seen the one that left.
  await get('/health');
  proxy.attach(chrome.connection);
  await connect();
  assert.equal(seen.counts, [1]);
});

upgrade.run();

const ending = suite('the end of a session');
ending.after.each(stopAll);

ending('gives every client the code and the sentence, then lets nobody in', async () => {
  const { connect, proxy, refusal, token, get } = await start();
  const clients = [await connect(), await connect(), await connect(`/live/${token('live')}/devtools/page/A`)];
  const closes = clients.map(closing);
  await proxy.endSession({ code: 4012, text: 'The session reached its timeout' });
  for (const close of await Promise.all(closes))
    assert.equal(close, [4012, 'The session reached its timeout']);
  assert.is((await refusal(`/?signingKey=${token('cdp')}`)).status, 410);
  assert.is((await get('/health')).status, 503);
});

ending('cuts a client that does not answer the close', async () => {
  const { connect, proxy } = await start({ limits: { closeTimeoutMs: 30 } });
  const client = await connect();
  client.pause();
  await proxy.endSession({ code: 4000, text: 'x' });
  client.resume();
  await closing(client);
});

ending(
  'of its browser by a client of a kept session closes that client’s socket, and nothing else',
  async () => {
    const { connect, ask, seen } = await start({ keepAlive: true });
    const [client, other] = [await connect(), await connect()];
    const closed = closing(client);
    assert.equal(await ask(client, { id: 1, method: 'Browser.close' }), { id: 1, result: {} });
    assert.equal(await closed, [1000, 'The client closed its browser; the session is kept alive']);
    assert.is((await ask(other, { id: 2, method: 'A.b' })).id, 2);
    assert.equal([seen.browserCloses, seen.counts], [0, [1, 2, 1]]);
  },
);

ending(
  'does not wait for a script in a page, nor for who watches: neither is a client nor active',
  async () => {
    const { connect, ask, token, seen } = await start();
    const others = [
      await connect(undefined, { origin: 'http://a.example' }),
      await connect(`/live/${token('live')}/devtools/page/A`),
    ];
    for (const socket of others) assert.is((await ask(socket, { id: 1, method: 'Page.enable' })).id, 1);
    assert.equal([seen.counts, seen.commands], [[], 0]);
    await ask(await connect(), { id: 1, method: 'Page.enable' });
    assert.equal([seen.counts, seen.commands], [[1], 1]);
  },
);

ending('counts every socket to the limit of sockets, whoever it is', async () => {
  const { connect, refusal, token } = await start({ limits: { maxSockets: 1 } });
  await connect(undefined, { origin: 'http://a.example' });
  assert.is((await refusal(`/?signingKey=${token('cdp')}`)).status, 429);
});

ending(
  'tells how a client left: with which code, and whether something on its way may have cut it off',
  async () => {
    const { connect, seen } = await start();
    const direct = await connect();
    const routed = await connect(undefined, { 'x-forwarded-for': '10.0.0.1' });
    const polite = await connect(undefined, { 'x-forwarded-for': '10.0.0.1' });
    for (const [index, leave] of [
      () => direct.terminate(),
      () => routed.terminate(),
      () => polite.close(1001),
    ].entries()) {
      leave();
      while (seen.departures.length <= index) await new Promise(setImmediate);
    }
    assert.equal(seen.departures, [
      { closeCode: 1006, isForwarded: false },
      { closeCode: 1006, isForwarded: true },
      { closeCode: 1001, isForwarded: true },
    ]);
  },
);

ending('notifies of Browser.close, and answers it', async () => {
  const { connect, seen } = await start();
  const client = await connect();
  client.send('{"id":3,"method":"Browser.close"}');
  const [data] = await once(client, 'message');
  assert.equal(JSON.parse(data.toString()), { id: 3, result: {} });
  assert.is(seen.browserCloses, 1);
});

ending.run();

const requests = suite('requests');
requests.after.each(stopAll);

requests('answers /health by asking Chrome', async () => {
  const { get, proxy } = await start({ isAttached: false });
  assert.is((await get('/health')).status, 503);
  const chrome = startFakeChrome();
  proxy.attach(chrome.connection);
  assert.is((await get('/health')).status, 200);
  chrome.stop();
  assert.is((await get('/health')).status, 503);
});

requests('counts for Prometheus', async () => {
  const { connect, get, ask } = await start();
  const client = await connect();
  const command = { id: 1, method: 'A.b' };
  await ask(client, command);
  const text = await (await get('/metrics')).text();
  assert.match(text, 'wallcrawler_proxy_upgrades_total{status="101"} 1');
  const bytes = JSON.stringify(command).length;
  assert.match(text, `wallcrawler_proxy_message_bytes_total{direction="toChrome"} ${bytes}`);
  assert.match(text, 'wallcrawler_proxy_open_sockets{kind="cdp"} 1');
});

requests("lists the real pages, without Chrome's addresses", async () => {
  const { get, token } = await start();
  const all = await (await get(`/live/${token('live')}/json/list`)).json();
  assert.equal(all, [
    { id: 'A', type: 'page', title: 'a', url: 'http://a/' },
    { id: 'B', type: 'page', title: 'b', url: 'http://b/' },
  ]);
  const one = (await (await get(`/live/${token('live', 'B')}/json/list`)).json()) as { id: string }[];
  assert.equal(
    one.map(({ id }) => id),
    ['B'],
  );
});

requests('serves the DevTools frontend behind a token, and nothing else of Chrome', async () => {
  const { get, token } = await start();
  const inspector = await get(`/live/${token('live')}/devtools/inspector.html?ws=x`);
  assert.is(inspector.status, 200);
  assert.match(await inspector.text(), /<html>inspector<\/html>$/);
  // Whatever a session's client made of it, it sees no live view beside it.
  const policy = inspector.headers.get('content-security-policy') ?? '';
  assert.match(policy, /^sandbox .*allow-scripts/);
  assert.not.match(policy, 'allow-same-origin');
  assert.is(inspector.headers.get('referrer-policy'), 'no-referrer');
  assert.is((await get(`/live/${token('cdp')}/devtools/inspector.html`)).status, 401);
  for (const [path, status] of [
    ['/json/version', 401],
    ['/json/new', 501],
    [`/live/${token('live')}/json/version`, 404],
    ['/', 404],
  ] as const) {
    assert.is((await get(path)).status, status, path);
  }
});

requests('serves GET only', async () => {
  const { port } = await start();
  const response = await fetch(`http://127.0.0.1:${port}/health`, { method: 'POST' });
  assert.is(response.status, 405);
});

requests.run();
