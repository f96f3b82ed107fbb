import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChromeChannel } from './channel.ts';
import { createChannels } from './channels.ts';
import { createPendingCalls } from './pending-calls.ts';
import { createSessionOwners } from './session-owners.ts';
import { createUnreadableCommands } from './unreadable-commands.ts';

const channels = suite('the channels of all clients');

function start() {
  const steps: string[] = [];
  const pipe = {
    write: (message: string | Buffer) => steps.push(`write ${message}`) > 0,
    pause: () => void steps.push('pause'),
    resume: () => void steps.push('resume'),
  };
  const asked: { method: string; params: object }[] = [];
  const calls = createPendingCalls(
    (message) => asked.push(JSON.parse(message)),
    () => all.updateFlow(),
  );
  const owners = createSessionOwners();
  const unreadable = createUnreadableCommands();
  const all = createChannels({ pipe, calls, owners, unreadable });
  return { all, steps, asked, calls, owners, unreadable };
}

/** What a channel hears, with a name before it. */
function hear(channel: ChromeChannel, name: string, heard: string[]): void {
  channel.listen({
    onMessage: (message) => heard.push(`${name}: ${message}`),
    onLost: (what) => heard.push(`${name}: lost ${what}`),
    onOversized: () => heard.push(`${name}: oversized`),
    onDrain: () => heard.push(`${name}: drain`),
  });
}

channels('own the session that was opened for them, and reach no other’s', () => {
  const { all, owners, steps } = start();
  const [one, two] = [all.add('S1'), all.add('S2')];
  assert.equal([owners.of('S1'), owners.of('S2')], [one, two]);
  assert.is(two.send('{"id":1,"sessionId":"S1"}', 'S1'), 'unknown');
  assert.is(two.send('{"id":1,"sessionId":"S2"}', 'S2'), 'sent');
  assert.equal(steps, ['write {"id":1,"sessionId":"S2"}']);
});

channels('hear all of them that Chrome takes commands again, and that it is gone', () => {
  const { all } = start();
  const heard: string[] = [];
  for (const name of ['S1', 'S2']) hear(all.add(name), name, heard);
  all.drained();
  all.lost();
  assert.equal(heard, ['S1: drain', 'S2: drain', 'S1: lost browser', 'S2: lost browser']);
});

channels('may all leave while they hear that Chrome is gone', () => {
  const { all, owners } = start();
  const left: string[] = [];
  for (const name of ['S1', 'S2', 'S3']) {
    const channel = all.add(name);
    channel.listen({
      onMessage() {},
      onOversized() {},
      onDrain() {},
      onLost() {
        left.push(name);
        channel.close();
      },
    });
  }
  all.lost();
  assert.equal([left, owners.of('S3')], [['S1', 'S2', 'S3'], undefined]);
});

channels('leave no session behind: Chrome is asked to end the one they had, once', () => {
  const { all, asked, owners } = start();
  const channel = all.add('S1');
  owners.learnFrom(
    Buffer.from('{"method":"Target.attachedToTarget","params":{"sessionId":"CHILD"}}'),
    channel as Parameters<typeof owners.add>[1],
  );
  for (const _ of [1, 2]) channel.close();
  assert.equal(
    asked.map(({ method, params }) => [method, params]),
    [['Target.detachFromTarget', { sessionId: 'S1' }]],
  );
  assert.equal(['S1', 'CHILD'].map(owners.of), [undefined, undefined]);
});

channels('leave nobody to be notified of what they sent', () => {
  const { all, unreadable } = start();
  const heard: string[] = [];
  const channel = all.add('S1');
  hear(channel, 'S1', heard);
  channel.send(Buffer.from('{"id":1,"sessionId":"S1"}'), 'S1');
  unreadable.notifyLastSender(Buffer.from('while it is here'));
  channel.close();
  for (const notify of [unreadable.notifyLastSender, unreadable.notifyOnlySuspect])
    notify(Buffer.from('later'));
  assert.equal(heard, ['S1: while it is here']);
});

channels('hold Chrome back for the only one, until it catches up, leaves, or another comes', () => {
  for (const relief of ['catches up', 'leaves', 'another comes'] as const) {
    const { all, steps } = start();
    const channel = all.add('S1');
    channel.setBehind(true);
    assert.ok(all.isHeldBack());
    if (relief === 'catches up') channel.setBehind(false);
    else if (relief === 'leaves') channel.close();
    else all.add('S2');
    assert.equal([steps, all.isHeldBack()], [['pause', 'resume'], false], relief);
  }
});

channels('do not hold Chrome back while the controller itself waits for an answer', () => {
  const { all, steps, calls } = start();
  all.add('S1').setBehind(true);
  calls.request({ method: 'Browser.getVersion' }, () => {});
  assert.equal([steps, all.isHeldBack()], [['pause', 'resume'], false]);
  calls.close();
  all.updateFlow();
  assert.ok(all.isHeldBack());
});

channels.run();
