import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeChrome, type FakeCommand, startFakeChrome } from '../testing/fake-chrome.ts';
import type { ChromeChannel } from './channel.ts';

const own = suite('what the platform opens for itself');

let chrome: FakeChrome;
own.before.each(() => {
  chrome = startFakeChrome();
});
own.after.each(() => chrome.stop());

async function open(): Promise<{ channel: ChromeChannel; root: string; heard: Record<string, unknown>[] }> {
  const channel = await chrome.connection.openChannel(null);
  const heard: Record<string, unknown>[] = [];
  channel.listen({
    onMessage: (message) => heard.push(JSON.parse(message.toString())),
    onUnanswered() {},
    onWaiting: () => heard.push({ waits: true }),
    onLost() {},
    onOversized() {},
    onDrain() {},
  });
  return { channel, root: [...chrome.sessions].at(-1) ?? '', heard };
}

const settled = () => chrome.connection.call('Browser.getVersion');
const hidden = (attached: boolean) => ({ targetId: 'F', type: 'other', url: '', attached });
const about = (sessionId: string, method: string, params: object) =>
  chrome.say({ method, params, sessionId });

own('is announced to no client, not even before Chrome has said which target it is', async () => {
  const { root, heard } = await open();
  const opening = chrome.connection.openHiddenTarget();
  about(root, 'Target.targetCreated', { targetInfo: hidden(false) });
  about(root, 'Page.other', { is: 'heard' });
  about(root, 'Target.targetInfoChanged', { targetInfo: hidden(true) });
  assert.is(await opening, 'F');
  about(root, 'Target.targetCrashed', { targetId: 'F' });
  about(root, 'Target.targetDestroyed', { targetId: 'F' });
  about(root, 'Target.targetDestroyed', { targetId: 'A' });
  await settled();
  assert.equal(heard, [
    { method: 'Page.other', params: { is: 'heard' } },
    { method: 'Target.targetDestroyed', params: { targetId: 'A' } },
  ]);
});

own('goes on, and is left, when a client attaches to every new target and stops it', async () => {
  const { root, heard } = await open();
  await chrome.connection.openHiddenTarget();
  const params = { sessionId: 'X', targetInfo: hidden(true), waitingForDebugger: true };
  about(root, 'Target.attachedToTarget', params);
  await settled();
  about(root, 'Target.detachedFromTarget', { sessionId: 'X', targetId: 'F' });
  await settled();
  const sent = (command: FakeCommand) => [command.method, command.params?.sessionId, command.sessionId];
  assert.equal(chrome.commands.slice(-4, -2).map(sent), [
    ['Runtime.runIfWaitingForDebugger', undefined, 'X'],
    ['Target.detachFromTarget', 'X', root],
  ]);
  assert.equal(heard, []);
});

own('is in no list of targets', async () => {
  const { channel, heard } = await open();
  channel.send('{"id":3,"method":"Target.getTargets"}', { id: 3, method: 'Target.getTargets' });
  await chrome.connection.openHiddenTarget();
  await settled();
  const [answer] = heard as unknown as [{ id: number; result: { targetInfos: { targetId: string }[] } }];
  assert.equal([answer.id, answer.result.targetInfos.map(({ targetId }) => targetId)], [3, ['A', 'B', 'W']]);
});

own('makes no page look attached, unless a client is', async () => {
  const { root, heard } = await open();
  const page = (targetId: string) => ({ targetInfo: { targetId, type: 'page', attached: true } });
  about(root, 'Target.attachedToTarget', { sessionId: 'C', ...page('B') });
  const { sessionId } = await chrome.connection.call('Target.attachToTarget', {
    targetId: 'A',
    flatten: true,
  });
  await chrome.connection.call('Target.attachToTarget', { targetId: 'B', flatten: true });
  about(root, 'Target.targetInfoChanged', page('A'));
  about(root, 'Target.targetInfoChanged', page('B'));
  await settled();
  chrome.connection.closeSession(String(sessionId));
  about(root, 'Target.targetInfoChanged', page('A'));
  await settled();
  const shown = heard.slice(1) as unknown as { params: { targetInfo: { attached: boolean } } }[];
  assert.equal(
    shown.map(({ params }) => params.targetInfo.attached),
    [false, true, true],
  );
});

own(
  'leaves a client its own new targets, which wait until it or somebody for it lets them go on',
  async () => {
    const { channel, root, heard } = await open();
    for (const sessionId of ['C1', 'C2']) {
      const targetInfo = { targetId: sessionId, type: 'page' };
      about(root, 'Target.attachedToTarget', { sessionId, targetInfo, waitingForDebugger: true });
    }
    await settled();
    assert.is(heard.filter(({ waits }) => waits).length, 2);
    const method = 'Runtime.runIfWaitingForDebugger';
    channel.send(JSON.stringify({ id: 1, method, sessionId: 'C1' }), { id: 1, method, cdpSessionId: 'C1' });
    assert.ok(channel.hasWaiting());
    channel.resumeWaiting();
    assert.not(channel.hasWaiting());
    await settled();
    assert.equal(
      chrome.commands.filter((command) => command.method === method).map(({ sessionId }) => sessionId),
      ['C1', 'C2'],
    );
    // The answer to what was asked for it is not the client's.
    assert.equal(
      heard.filter(({ id }) => id !== undefined).map(({ id }) => id),
      [1],
    );
  },
);

own('holds nothing back for good when Chrome is gone', async () => {
  const { heard } = await open();
  const opening = chrome.connection.openHiddenTarget().catch((error: Error) => error.name);
  chrome.stop();
  assert.is(await opening, 'ChromeGoneError');
  assert.is(
    await chrome.connection.openHiddenTarget().catch((error: Error) => error.name),
    'ChromeGoneError',
  );
  assert.equal(heard, []);
});

own.run();
