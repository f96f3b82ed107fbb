import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ChannelEvents, createChannel, type HostedChannel } from './channel.ts';
import type { SendWindow } from './send-window.ts';
import { createSessionOwners } from './session-owners.ts';

const channels = suite("a client's channel to Chrome");

const OPEN_WINDOW: SendWindow = {
  noteSent: () => true,
  isOpen: () => true,
  setBehind() {},
  close() {},
};

/** A channel of the session ROOT, which owns CHILD as well, on a Chrome that may be full. */
function open(hasRoom = true, window: SendWindow = OPEN_WINDOW) {
  const steps: string[] = [];
  const owners = createSessionOwners();
  const channel: HostedChannel = createChannel(
    {
      sessionOf: (_, cdpSessionId) => owners.get(cdpSessionId),
      write(message, { cdpSessionId }, { id }) {
        steps.push(`write ${message} as ${id} in ${cdpSessionId}`);
        return hasRoom;
      },
      targetsOf: () => [],
      waiting: {
        has: () => steps.length > 0,
        resume: () => steps.push('resume'),
      },
      openWindow: () => window,
      updateFlow: () => steps.push('flow'),
      leave: () => steps.push('leave'),
    },
    'ROOT',
  );
  for (const cdpSessionId of ['ROOT', 'CHILD']) owners.add({ cdpSessionId, channel });
  const heard: string[] = [];
  const events: ChannelEvents = {
    onMessage: (message) => heard.push(message.toString()),
    onLost: (what) => heard.push(`lost ${what}`),
    onUnanswered: (id) => heard.push(`unanswered ${id}`),
    onWaiting: () => heard.push('waiting'),
    onOversized: () => heard.push('oversized'),
    onDrain: () => heard.push('drain'),
  };
  return { channel, steps, heard, events };
}

channels('is full, too, when its client is far ahead of Chrome, whatever room the pipe has', () => {
  let isOpen = false;
  const bytes: number[] = [];
  const behind: boolean[] = [];
  const { channel, heard, events } = open(true, {
    noteSent: (sent) => bytes.push(sent) === 0,
    isOpen: () => isOpen,
    setBehind: (value) => void behind.push(value),
    close: () => void heard.push('window closed'),
  });
  channel.listen(events);
  assert.is(channel.send('{"id":1}', { id: 1, cdpSessionId: 'CHILD' }), 'full');
  assert.equal(bytes, [8]);
  channel.drained();
  assert.equal(heard, [], 'a pipe with room opens no window');
  isOpen = true;
  channel.drained();
  assert.equal(heard, ['drain']);
  channel.setBehind(true);
  assert.equal(behind, [true]);
  channel.close();
  assert.equal(heard, ['drain', 'window closed']);
});

channels('tells whoever taps it what was sent, what came and that it is closed, and nothing else', () => {
  const { channel, events } = open();
  const heard: unknown[] = [];
  channel.send('{"id":1}', { id: 1 });
  channel.tap({
    onCommand: ({ id }, message, targetIds) => heard.push([id, message, targetIds]),
    onMessage: (message) => heard.push(message.toString()),
    onClose: () => heard.push('closed'),
  });
  channel.send('{"id":2}', { id: 2 });
  channel.send('{"id":3}', { id: 3, cdpSessionId: 'NOBODY' });
  // Also before there is somebody who listens.
  channel.deliver(Buffer.from('early'));
  channel.listen(events);
  channel.deliver(Buffer.from('late'));
  channel.close();
  channel.deliver(Buffer.from('after'));
  assert.equal(heard, [[2, '{"id":2}', []], 'early', 'late', 'closed']);
});

channels('names its own session in a command that names none', () => {
  const { channel, steps } = open();
  assert.is(channel.send('{"id":1}', { id: 1 }), 'sent');
  assert.is(channel.send(Buffer.from('{"id":2}'), { id: 2 }), 'sent');
  assert.equal(steps, [
    'write {"sessionId":"ROOT","id":1} as 1 in ROOT',
    'write {"sessionId":"ROOT","id":2} as 2 in ROOT',
  ]);
});

channels('passes a command on as it is when it names a session that is the client’s', () => {
  const { channel, steps } = open();
  assert.is(channel.send('{"id":1,"sessionId":"CHILD"}', { id: 1, cdpSessionId: 'CHILD' }), 'sent');
  assert.equal(steps, ['write {"id":1,"sessionId":"CHILD"} as 1 in CHILD']);
});

channels('writes nothing to a session that is somebody else’s', () => {
  const { channel, steps } = open();
  assert.is(channel.send('{"id":1,"sessionId":"OTHER"}', { id: 1, cdpSessionId: 'OTHER' }), 'unknown');
  assert.equal(steps, []);
});

channels('says that Chrome is full of a command that has gone nevertheless', () => {
  const { channel, steps } = open(false);
  assert.is(channel.send('{"id":1}', { id: 1 }), 'full');
  assert.is(steps.length, 1);
});

channels('keeps what comes before anybody listens, in order, and loses no end', () => {
  const { channel, heard, events } = open();
  channel.deliver(Buffer.from('one'));
  channel.oversized();
  channel.drained();
  channel.unanswered(5);
  channel.waiting();
  channel.lost('browser');
  assert.equal(heard, []);
  channel.listen(events);
  const kept = ['one', 'oversized', 'unanswered 5', 'waiting', 'lost browser'];
  assert.equal(heard, kept, 'a drain is of no use to who has sent nothing');
  channel.deliver(Buffer.from('two'));
  channel.drained();
  assert.equal(heard.slice(kept.length), ['two', 'drain']);
});

channels('is silent once it is closed', () => {
  const { channel, steps, heard, events } = open();
  channel.listen(events);
  channel.close();
  channel.deliver(Buffer.from('one'));
  channel.oversized();
  channel.drained();
  channel.unanswered(5);
  channel.waiting();
  channel.lost('page');
  assert.equal([steps, heard], [['leave'], []]);
});

channels('is silent even when it is closed in the midst of what had waited', () => {
  const { channel, heard, events } = open();
  for (const message of ['one', 'two']) channel.deliver(Buffer.from(message));
  channel.listen({
    ...events,
    onMessage(message) {
      events.onMessage(message);
      channel.close();
    },
  });
  assert.equal(heard, ['one']);
});

channels('lets the targets go on that wait for its client', () => {
  const { channel, steps } = open();
  assert.not(channel.hasWaiting());
  channel.resumeWaiting();
  assert.ok(channel.hasWaiting());
  assert.equal(steps, ['resume']);
});

channels('speaks of being behind only when that changes', () => {
  const { channel, steps } = open();
  for (const isBehind of [false, true, true, false]) channel.setBehind(isBehind);
  assert.equal([steps, channel.isBehind()], [['flow', 'flow'], false]);
});

channels.run();
