import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cdpSessionOf, closing, createProxyFixtures, inboxOf } from '../testing/proxy-fixture.ts';

const relay = suite('relay');

const { start, stopAll } = createProxyFixtures();
relay.after.each(stopAll);

relay('speaks to Chrome in a session of its own, and hides it', async () => {
  const fixture = await start();
  const client = await fixture.connect();
  assert.equal(await fixture.ask(client, { id: 7, method: 'A.b', params: { c: 'ä' } }), {
    id: 7,
    result: { echo: { c: 'ä' } },
  });
  assert.equal(fixture.chrome.commands.at(-1), {
    sessionId: await cdpSessionOf(fixture, client),
    id: 7,
    method: 'A.b',
    params: { c: 'ä' },
  });
});

relay('carries a command as it was understood', async () => {
  const { connect, chrome } = await start();
  const client = await connect();
  client.send(String.raw` { "id":1, "method" : "A.b", "params":{"x":"\ud800","big":12345678901234567890}}`);
  await once(client, 'message');
  const [sessionId] = chrome.sessions;
  assert.is(
    chrome.texts.at(-1),
    `{"sessionId":"${sessionId}","id":1,"method":"A.b","params":{"x":"\\ud800","big":12345678901234567000}}`,
  );
});

relay('refuses a message that is too large for Chrome once it is written out', async () => {
  const { connect, chrome, ask } = await start({ limits: { maxMessageBytes: 2_000 } });
  const client = await connect();
  client.send(`{"id":1,"method":"A.b","params":{"many":[${'1e20,'.repeat(200)}0]}}`);
  const [data] = await once(client, 'message');
  assert.match(JSON.parse(data.toString()).error.message, /larger than the 100 MiB/);
  await ask(client, { id: 2, method: 'A.c' });
  assert.not(chrome.commands.some(({ method }) => method === 'A.b'));
});

relay('lets a client use the sessions that it opened, and no others', async () => {
  const fixture = await start();
  const { connect, ask } = fixture;
  const [one, two] = [await connect(), await connect()];
  const next = inboxOf(one);
  one.send('{"id":1,"method":"Target.attachToTarget","params":{"targetId":"A","flatten":true}}');
  assert.is((await next()).method, 'Target.attachedToTarget');
  const { sessionId } = (await next()).result as { sessionId: string };
  assert.equal(await ask(one, { id: 2, method: 'A.b', params: {}, sessionId }), {
    id: 2,
    result: { echo: {} },
    sessionId,
  });
  for (const stranger of [sessionId, await cdpSessionOf(fixture, one), 'nonsense']) {
    assert.equal(await ask(two, { id: 3, method: 'A.b', sessionId: stranger }), {
      id: 3,
      error: { code: -32001, message: 'Session with given id not found.' },
    });
  }
  fixture.chrome.say({ method: 'A.event', params: {}, sessionId });
  const [event] = await once(one, 'message');
  assert.equal(JSON.parse(event.toString()), { method: 'A.event', params: {}, sessionId });
});

relay('forgets a session that Chrome detached', async () => {
  const fixture = await start();
  const client = await fixture.connect();
  const parent = await cdpSessionOf(fixture, client);
  fixture.chrome.say({ method: 'Target.attachedToTarget', params: { sessionId: 'C1' }, sessionId: parent });
  fixture.chrome.say({ method: 'Target.attachedToTarget', params: { sessionId: 'C2' }, sessionId: 'C1' });
  fixture.chrome.say({ method: 'Target.detachedFromTarget', params: { sessionId: 'C2' }, sessionId: 'C1' });
  const next = inboxOf(client);
  for (let events = 0; events < 3; events += 1) await next();
  assert.is('result' in (await fixture.ask(client, { id: 1, method: 'A.b', sessionId: 'C1' })), true);
  assert.is('error' in (await fixture.ask(client, { id: 1, method: 'A.b', sessionId: 'C2' })), true);
});

relay('knows a session of a page with a very long address', async () => {
  const fixture = await start();
  const client = await fixture.connect();
  const cdpSessionId = await cdpSessionOf(fixture, client);
  const targetInfo = { url: `data:text/html,${'x'.repeat(500_000)}` };
  const params = { sessionId: 'C1', targetInfo };
  fixture.chrome.say({ method: 'Target.attachedToTarget', params, sessionId: cdpSessionId });
  await once(client, 'message');
  assert.is('result' in (await fixture.ask(client, { id: 1, method: 'A.b', sessionId: 'C1' })), true);
});

for (const [what, message, code] of [
  ['is not JSON', 'nonsense', -32700],
  ['is empty', '', -32700],
  ['is no object', '[1]', -32600],
  ['hides a NUL', '{"id":1,"method":"A.b"}\0{"id":2,"method":"Browser.close"}', -32700],
  ['has no id', '{"method":"A.b"}', -32600],
  ['has an id that is too large for Chrome', '{"id":4294967296,"method":"A.b"}', -32600],
  ['has no method', '{"id":1}', -32600],
  ['has a session that is no text', '{"id":1,"method":"A.b","sessionId":1}', -32600],
] as const) {
  relay(`answers a message that ${what}, and sends nothing to Chrome`, async () => {
    const { connect, chrome } = await start();
    const client = await connect();
    client.send(message);
    const [data] = await once(client, 'message');
    assert.is(JSON.parse(data.toString()).error.code, code);
    assert.is(chrome.commands.length, 1);
  });
}

relay('is not talked into another session by a key that is there twice, or escaped', async () => {
  const fixture = await start();
  const client = await fixture.connect();
  const own = await cdpSessionOf(fixture, client);
  for (const [text, wanted] of [
    [String.raw`{"id":1,"method":"A.b","sessionId":"X","\u0073essionId":""}`, own],
    [`{"sessionId":"","id":1,"method":"A.b","sessionId":"${own}"}`, own],
  ] as const) {
    client.send(text);
    await once(client, 'message');
    assert.is(fixture.chrome.commands.at(-1)?.sessionId, wanted);
  }
});

relay('closes on a binary message', async () => {
  const { connect } = await start();
  const client = await connect();
  client.send(Buffer.from('{"id":1,"method":"A.b"}'), { binary: true });
  assert.equal(await closing(client), [1003, 'The DevTools protocol is text; this was a binary message']);
});

relay('closes on text that is not UTF-8', async () => {
  const { connect } = await start();
  const client = await connect();
  client.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
  assert.is((await closing(client))[0], 1007);
});

relay('keeps clients apart, also when they use the same ids', async () => {
  const { connect, ask, seen } = await start();
  const clients = await Promise.all([connect(), connect(), connect()]);
  const answers = clients.map((client, n) => ask(client, { id: 1, method: 'A.b', params: { n } }));
  assert.equal(
    await Promise.all(answers),
    [0, 1, 2].map((n) => ({ id: 1, result: { echo: { n } } })),
  );
  assert.equal(seen.counts.at(-1), 3);
});

relay('notifies whoever sent it of what Chrome could not read', async () => {
  const { connect, chrome } = await start({
    onCommand: (_, fake) => fake.say({ error: { code: -32700, message: 'JSON: stack limit exceeded' } }),
  });
  const [, client] = [await connect(), await connect()];
  client.send('{"id":1,"method":"Very.deep"}');
  const [data] = await once(client, 'message');
  assert.is(JSON.parse(data.toString()).error.message, 'JSON: stack limit exceeded');
  assert.is(chrome.commands.length, 3);
});

relay('notifies the client of a page that the page was closed', async () => {
  const fixture = await start();
  const client = await fixture.connect(`/devtools/page/A?signingKey=${fixture.token('cdp')}`);
  const cdpSessionId = await cdpSessionOf(fixture, client);
  fixture.chrome.say({
    method: 'Target.detachedFromTarget',
    params: { sessionId: cdpSessionId, targetId: 'A' },
  });
  assert.equal(await closing(client), [1001, 'The page was closed']);
});

relay('notifies every client that Chrome is gone', async () => {
  const { connect, chrome } = await start({ limits: { chromeLossGraceMs: 10 } });
  const client = await connect();
  chrome.stop();
  assert.equal(await closing(client), [1011, 'The browser dropped the connection']);
});

relay('prefers the end of the session to the loss of Chrome', async () => {
  const { connect, chrome, proxy } = await start();
  const client = await connect();
  const closed = closing(client);
  chrome.stop();
  await new Promise(setImmediate);
  proxy.endSession({ code: 4020, text: 'The browser exited unexpectedly' });
  assert.equal(await closed, [4020, 'The browser exited unexpectedly']);
});

relay('ends its session in Chrome when the client drops', async () => {
  const fixture = await start();
  const client = await fixture.connect();
  const cdpSessionId = await cdpSessionOf(fixture, client);
  assert.ok(fixture.chrome.sessions.has(cdpSessionId));
  client.terminate();
  while (fixture.seen.counts.length < 2) await new Promise(setImmediate);
  // Whatever is asked next is answered after the detach.
  await fixture.chrome.connection.call('Browser.getVersion');
  assert.not.ok(fixture.chrome.sessions.has(cdpSessionId));
});

relay('pings, and drops a client that shows no life', async () => {
  const { connect, seen } = await start({ limits: { pingIntervalMs: 30, silentClientMs: 60 } });
  const lively = await connect();
  const dead = await connect();
  dead.pause();
  const gone = closing(dead);
  for (let pings = 0; pings < 4; pings += 1) await once(lively, 'ping');
  dead.resume();
  assert.equal(await gone, [4030, 'The client has answered nothing for minutes, or its network is gone']);
  while (seen.counts.at(-1) !== 1) await new Promise(setImmediate);
});

relay.run();
