import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startFakeChrome } from '../testing/fake-chrome.ts';
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

connections.run();
