import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChromeChannel } from './channel.ts';
import { createChannels } from './channels.ts';
import { createLeftEmulation } from './left-emulation.ts';
import { createPendingCalls } from './pending-calls.ts';
import { createSessionOwners } from './session-owners.ts';
import { createUnansweredCommands } from './unanswered-commands.ts';

const channels = suite('the channels of all clients');

function start() {
  const steps: string[] = [];
  const pipe = {
    write: (message: string | Buffer) => steps.push(`write ${message}`) > 0,
    pause: () => void steps.push('pause'),
    resume: () => void steps.push('resume'),
  };
  const asked: { method: string; params?: object; sessionId?: string }[] = [];
  const calls = createPendingCalls(
    (message) => asked.push(JSON.parse(message)),
    () => all.updateFlow(),
  );
  const owners = createSessionOwners();
  const unanswered = createUnansweredCommands(owners, calls);
  const emulation = createLeftEmulation(owners);
  const screenshots = { noteSent() {}, take() {} };
  const all = createChannels({ pipe, toChrome: pipe, calls, owners, emulation, screenshots, unanswered });
  return { all, steps, asked, calls, owners, unanswered };
}

/** What a channel hears, with a name before it. */
function hear(channel: ChromeChannel, name: string, heard: string[]): void {
  channel.listen({
    onMessage: (message) => heard.push(`${name}: ${message}`),
    onLost: (what) => heard.push(`${name}: lost ${what}`),
    onUnanswered: (id) => heard.push(`${name}: unanswered ${id}`),
    onWaiting: () => heard.push(`${name}: waiting`),
    onOversized: () => heard.push(`${name}: oversized`),
    onDrain: () => heard.push(`${name}: drain`),
  });
}

channels('own the session that was opened for them, and reach no other’s', () => {
  const { all, owners, steps } = start();
  const [one, two] = [all.add('S1', null), all.add('S2', 'PAGE')];
  const [first, second] = [owners.get('S1'), owners.get('S2')];
  assert.ok(first?.channel === one && second?.channel === two);
  assert.equal([first.targetId, second.targetId], [undefined, 'PAGE']);
  assert.is(two.send('{"id":1,"sessionId":"S1"}', { id: 1, cdpSessionId: 'S1' }), 'unknown');
  assert.is(two.send('{"id":1,"sessionId":"S2"}', { id: 1, cdpSessionId: 'S2' }), 'sent');
  assert.equal(steps, ['write {"id":1,"sessionId":"S2"}']);
});

channels('hear all of them that Chrome takes commands again, and that it is gone', () => {
  const { all } = start();
  const heard: string[] = [];
  for (const name of ['S1', 'S2']) hear(all.add(name, null), name, heard);
  all.drained();
  all.lost();
  assert.equal(heard, ['S1: drain', 'S2: drain', 'S1: lost browser', 'S2: lost browser']);
});

channels('may all leave while they hear that Chrome is gone', () => {
  const { all, owners } = start();
  const left: string[] = [];
  for (const name of ['S1', 'S2', 'S3']) {
    const channel = all.add(name, null);
    channel.listen({
      onMessage() {},
      onUnanswered() {},
      onWaiting() {},
      onOversized() {},
      onDrain() {},
      onLost() {
        left.push(name);
        channel.close();
      },
    });
  }
  all.lost();
  assert.equal([left, owners.get('S3')], [['S1', 'S2', 'S3'], undefined]);
});

channels('leave no session behind: Chrome is asked to end the one they had, once', () => {
  const { all, asked, owners } = start();
  const channel = all.add('S1', null);
  const root = owners.get('S1');
  assert.ok(root);
  owners.add({ cdpSessionId: 'CHILD', parentId: 'S1', channel: root.channel });
  for (const _ of [1, 2]) channel.close();
  assert.equal(
    asked.map(({ method, params }) => [method, params]),
    [['Target.detachFromTarget', { sessionId: 'S1' }]],
  );
  assert.equal(['S1', 'CHILD'].map(owners.get), [undefined, undefined]);
});

channels('leave nobody to be notified of what they sent', () => {
  const { all, unanswered } = start();
  const heard: string[] = [];
  const channel = all.add('S1', null);
  hear(channel, 'S1', heard);
  channel.send(Buffer.from('{"id":1,"sessionId":"S1"}'), { id: 1, cdpSessionId: 'S1' });
  const tell = (id: number | undefined, text: string) =>
    unanswered.takeError({ id, code: -32_600, bytes: Buffer.from(text) });
  tell(undefined, 'while it is here');
  channel.close();
  for (const id of [undefined, 1]) tell(id, 'later');
  assert.equal(heard, ['S1: while it is here']);
});

channels('know in which session what Chrome could not read was sent, and tell its client once', () => {
  const { all, unanswered } = start();
  const heard: string[] = [];
  const [one, two] = [all.add('S1', null), all.add('S2', null)];
  hear(one, 'S1', heard);
  hear(two, 'S2', heard);
  one.send(Buffer.from('{"id":1,"sessionId":"S1"}'), { id: 1, cdpSessionId: 'S1' });
  // Parsed before, and so it can be read.
  two.send('{"id":1,"sessionId":"S2"}', { id: 1, cdpSessionId: 'S2' });
  for (const text of ['unreadable', 'again'])
    unanswered.takeError({ id: 1, code: -32_600, bytes: Buffer.from(text) });
  assert.equal(heard, ['S1: unreadable']);
});

channels('let a target go on only once, whether its client asks for it or somebody else does', () => {
  const { all, owners, asked } = start();
  const channel = all.add('S1', null);
  const root = owners.get('S1');
  assert.ok(root);
  for (const cdpSessionId of ['C1', 'C2'])
    owners.add({ cdpSessionId, parentId: 'S1', channel: root.channel, isWaiting: true });
  const method = 'Runtime.runIfWaitingForDebugger';
  channel.send('{}', { id: 1, method, cdpSessionId: 'C1' });
  assert.ok(channel.hasWaiting());
  for (const _ of [1, 2]) channel.resumeWaiting();
  assert.not(channel.hasWaiting());
  assert.equal(
    asked.map((command) => [command.method, command.sessionId]),
    [[method, 'C2']],
  );
});

channels('hold Chrome back for the only one, until it catches up, leaves, or another comes', () => {
  for (const relief of ['catches up', 'leaves', 'another comes'] as const) {
    const { all, steps } = start();
    const channel = all.add('S1', null);
    channel.setBehind(true);
    assert.ok(all.isHeldBack());
    if (relief === 'catches up') channel.setBehind(false);
    else if (relief === 'leaves') channel.close();
    else all.add('S2', null);
    assert.equal([steps, all.isHeldBack()], [['pause', 'resume'], false], relief);
  }
});

channels('do not hold Chrome back while the controller itself waits for an answer', () => {
  const { all, steps, calls } = start();
  all.add('S1', null).setBehind(true);
  calls.request({ method: 'Browser.getVersion' }, () => {});
  assert.equal([steps, all.isHeldBack()], [['pause', 'resume'], false]);
  calls.close();
  all.updateFlow();
  assert.ok(all.isHeldBack());
});

channels.run();
