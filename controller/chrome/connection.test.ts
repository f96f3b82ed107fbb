import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startFakeChrome } from '../testing/fake-chrome.ts';
import type { ChromeChannel } from './channel.ts';
import { ChromeGoneError, ChromeRefusedError } from './connection.ts';

const connections = suite('the connection to Chrome');

connections('answers calls, and says what Chrome refused', async () => {
  const { connection, stop } = startFakeChrome({
    onCommand: ({ id }, chrome) => chrome.say({ id, error: { code: -32601, message: 'not found' } }),
  });
  assert.equal(await connection.call('Browser.getVersion'), { product: 'Fake/1' });
  const error = await connection.call('No.such').catch((thrown: unknown) => thrown);
  assert.instance(error, ChromeRefusedError);
  assert.is((error as Error).message, 'not found');
  stop();
});

connections('rejects what is open when Chrome goes, and everything after that', async () => {
  const { connection, stop } = startFakeChrome({ onCommand: () => undefined });
  const open = connection.call('Never.answered').catch((error: unknown) => error);
  stop();
  assert.instance(await open, ChromeGoneError);
  assert.instance(
    await connection.call('Browser.getVersion').catch((error: unknown) => error),
    ChromeGoneError,
  );
  assert.instance(await connection.openChannel(null).catch((error: unknown) => error), ChromeGoneError);
});

connections('does not take the late answer of a client that left for its own', async () => {
  const chrome = startFakeChrome({ onCommand: () => undefined });
  const channel = await chrome.connection.openChannel(null);
  const [sessionId] = chrome.sessions;
  channel.close();
  const answer = chrome.connection.call('Own.question');
  const isOwn = (method: string) => chrome.commands.find((command) => command.method === method);
  while (isOwn('Own.question') === undefined) await new Promise(setImmediate);
  const id = isOwn('Own.question')?.id;
  chrome.say({ id, result: { whose: 'the client' }, sessionId });
  chrome.say({ id, result: { whose: 'the controller' } });
  assert.equal(await answer, { whose: 'the controller' });
  chrome.stop();
});

connections('keeps for a channel what Chrome says before anybody listens', async () => {
  const chrome = startFakeChrome();
  const channel = await chrome.connection.openChannel('A');
  const [sessionId] = chrome.sessions;
  chrome.say({ method: 'Early.bird', params: {}, sessionId });
  await chrome.connection.call('Browser.getVersion');
  const heard: string[] = [];
  channel.listen({
    onMessage: (message) => heard.push(message.toString()),
    onLost: () => heard.push('lost'),
    onWaiting() {},
    onUnanswered: (id) => heard.push(`unanswered ${id}`),
    onOversized() {},
    onDrain() {},
  });
  assert.equal(heard, ['{"method":"Early.bird","params":{}}']);
  channel.close();
  chrome.stop();
});

connections('says that there is no such page', async () => {
  const { connection, stop } = startFakeChrome();
  assert.instance(
    await connection.openChannel('missing').catch((error: unknown) => error),
    ChromeRefusedError,
  );
  stop();
});

/** What a channel hears from now on. */
const hear = (channel: ChromeChannel): string[] => {
  const heard: string[] = [];
  channel.listen({
    onMessage: (message) => heard.push(message.toString()),
    onLost: () => heard.push('lost'),
    onWaiting() {},
    onUnanswered: (id) => heard.push(`unanswered ${id}`),
    onOversized() {},
    onDrain() {},
  });
  return heard;
};

connections('does not take what Chrome says to a command it could not read for its own answer', async () => {
  const chrome = startFakeChrome({ onCommand: () => undefined });
  const channel = await chrome.connection.openChannel(null);
  const isAnswered = chrome.connection.call('Own.question').catch((error: Error) => error.message);
  // A client knows its own ids, and counts on the controller to count like everybody.
  for (let id = 0; id < 100; id++) chrome.say({ id, error: { code: -32600, message: 'unreadable' } });
  const own = () => chrome.commands.find(({ method }) => method === 'Own.question');
  while (own() === undefined) await new Promise(setImmediate);
  chrome.say({ id: own()?.id, result: { whose: 'the controller' } });
  assert.equal(await isAnswered, { whose: 'the controller' });
  channel.close();
  chrome.stop();
});

connections(
  'notifies the one client that can have sent it of a command that Chrome could not read',
  async () => {
    const chrome = startFakeChrome({ onCommand: () => undefined });
    const [first, second] = [
      await chrome.connection.openChannel(null),
      await chrome.connection.openChannel(null),
    ];
    const [heard, others] = [hear(first), hear(second)];
    const [session = '', other = ''] = chrome.sessions;
    const error = { id: 5, error: { code: -32600, message: 'unreadable' } };
    first.send(Buffer.from('{"id":5}'), { id: 5, cdpSessionId: session });
    second.send('{"id":6,"method":"A.b"}', { id: 6 });
    chrome.say(error);
    await chrome.connection.call('Browser.getVersion');
    assert.equal([heard, others], [[JSON.stringify(error)], []]);
    second.send(Buffer.from('{"id":7}'), { id: 7, cdpSessionId: other });
    chrome.say(error);
    await chrome.connection.call('Browser.getVersion');
    assert.equal([heard.length, others.length], [1, 0]);
    chrome.stop();
  },
);

connections('reads on for a second client while the first, which was alone, does not', async () => {
  const chrome = startFakeChrome();
  const slow = await chrome.connection.openChannel(null);
  const heard = hear(slow);
  slow.setBehind(true);
  assert.ok(chrome.connection.isHeldBack());
  const second = await chrome.connection.openChannel(null);
  assert.not(chrome.connection.isHeldBack());
  second.close();
  await chrome.connection.call('Browser.getVersion');
  assert.ok(chrome.connection.isHeldBack());
  assert.equal(heard, []);
  chrome.stop();
});

connections('rejects what was asked in a session that Chrome detached', async () => {
  const chrome = startFakeChrome({ onCommand: () => undefined });
  const { connection } = chrome;
  const { sessionId } = await connection.call('Target.attachToTarget', { targetId: 'A', flatten: true });
  const asked = connection.call('Never.answered', {}, String(sessionId)).catch((error: Error) => error);
  const kept = connection.call('Browser.getVersion');
  chrome.say({ method: 'Target.detachedFromTarget', params: { sessionId, targetId: 'A' } });
  assert.instance(await asked, ChromeRefusedError);
  assert.equal(await kept, { product: 'Fake/1' });
  chrome.stop();
});

connections(
  'delivers to the controller what happens in a session of its own, and to nobody else',
  async () => {
    const chrome = startFakeChrome();
    const { connection } = chrome;
    const heard = hear(await connection.openChannel(null));
    const { sessionId } = await connection.call('Target.attachToTarget', { targetId: 'A', flatten: true });
    const own: string[] = [];
    connection.listen(String(sessionId), (method) => own.push(method));
    chrome.say({ method: 'Page.loadEventFired', params: {}, sessionId });
    await connection.call('Browser.getVersion');
    assert.equal([own, heard], [['Page.loadEventFired'], []]);
    connection.closeSession(String(sessionId));
    chrome.say({ method: 'Page.loadEventFired', params: {}, sessionId });
    await connection.call('Browser.getVersion');
    assert.is(own.length, 1);
    chrome.stop();
  },
);

connections('ends a session of its own in Chrome, and rejects what is still asked in it', async () => {
  const chrome = startFakeChrome({ onCommand: () => undefined });
  const { connection } = chrome;
  const { sessionId } = await connection.call('Target.attachToTarget', { targetId: 'A', flatten: true });
  const asked = connection.call('Never.answered', {}, String(sessionId)).catch((error: Error) => error);
  connection.closeSession(String(sessionId));
  assert.instance(await asked, ChromeRefusedError);
  await connection.call('Browser.getVersion');
  assert.is(chrome.sessions.size, 0);
  chrome.stop();
});

connections(
  'gives a client of a page a session of that page, one of the browser one of the browser',
  async () => {
    const chrome = startFakeChrome();
    await chrome.connection.openChannel('A');
    await chrome.connection.openChannel(null);
    assert.equal(
      chrome.commands.map(({ method, params }) => [method, params]),
      [
        ['Target.attachToTarget', { targetId: 'A', flatten: true }],
        ['Target.attachToBrowserTarget', undefined],
      ],
    );
    chrome.stop();
  },
);

connections('notifies of a message that was too large only the client whose it was', async () => {
  const chrome = startFakeChrome({ maxMessageBytes: 1_000 });
  const oversized: string[] = [];
  for (const name of ['one', 'two'])
    (await chrome.connection.openChannel(null)).listen({
      onMessage() {},
      onLost() {},
      onUnanswered() {},
      onWaiting() {},
      onOversized: () => oversized.push(name),
      onDrain() {},
    });
  const [, second] = chrome.sessions;
  chrome.say({ method: 'Large.event', params: { x: 'x'.repeat(2_000) }, sessionId: second });
  chrome.say({ method: 'Large.event', params: { x: 'x'.repeat(2_000) } });
  await chrome.connection.call('Browser.getVersion');
  assert.equal(oversized, ['two']);
  chrome.stop();
});

connections.run();
