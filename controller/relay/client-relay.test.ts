import { EventEmitter } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import type { ChannelEvents } from '../chrome/channel.ts';
import { RELAY_LIMITS } from './limits.ts';
import { startRelay } from './relay.ts';
import { FULL_CONTROL } from './rights.ts';

const relays = suite('one client and its channel');

/** A relay between stubs; `steps` is what it does to the client and to its channel. */
function start() {
  const steps: string[] = [];
  const clock = createManualClock();
  const client = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send: (data: Buffer) => steps.push(`sent ${data}`),
    pause: () => steps.push('pause'),
    resume: () => steps.push('resume'),
    terminate: () => steps.push('cut'),
    close(code: number, reason: string) {
      client.readyState = 2;
      steps.push(`closed ${code} ${reason}`);
    },
  });
  let heard: ChannelEvents | undefined;
  const chrome = {
    isFull: false,
    listen(events: ChannelEvents) {
      heard = events;
    },
    send: () => (chrome.isFull ? ('full' as const) : ('sent' as const)),
    tap() {},
    setBehind: (isBehind: boolean) => void steps.push(isBehind ? 'behind' : 'caught up'),
    hasWaiting: () => false,
    resumeWaiting: () => void steps.push('resumed'),
    close: () => void steps.push('channel closed'),
  };
  const seen: string[] = [];
  const relay = startRelay({
    client: client as unknown as WebSocket,
    chrome,
    rights: FULL_CONTROL,
    downloadsFolder: '/downloads',
    uploadPathOf: () => undefined,
    limits: RELAY_LIMITS,
    clock,
    evictSlowest: () => true,
    events: {
      onMessage: (direction, bytes) => seen.push(`${direction} ${bytes}`),
      onBrowserClose: () => seen.push('Browser.close'),
      onWaiting: () => seen.push('a target waits'),
      onEnd: (code) => seen.push(`end ${code}`),
      onFault: (error) => seen.push(error.message),
    },
  });
  const says = (text: string, isBinary = false) => client.emit('message', Buffer.from(text), isBinary);
  return { relay, client, chrome, clock, steps, seen, says, events: heard as unknown as ChannelEvents };
}

relays('count what passes, in both directions, by its bytes', () => {
  const { events, says, seen, steps } = start();
  says('{"id":1,"method":"A.b"}');
  events.onMessage(Buffer.from('{"id":1,"result":"ä"}'));
  assert.equal(seen, ['toChrome 23', 'toClient 22']);
  assert.equal(steps, ['sent {"id":1,"result":"ä"}']);
});

relays(
  'answer for Chrome what was asked in a session of CDP that has gone, and tell of targets that wait',
  () => {
    const { events, seen, steps } = start();
    events.onUnanswered(5);
    events.onWaiting();
    const error = { code: -32001, message: 'Session with given id not found.' };
    assert.equal(steps, [`sent ${JSON.stringify({ id: 5, error })}`]);
    assert.equal(seen, ['a target waits']);
  },
);

relays('end together: the channel closes with the socket, and the code is told', () => {
  const { client, clock, seen, steps } = start();
  client.emit('close', 1006);
  assert.equal([steps, seen, clock.pending()], [['channel closed'], ['end 1006'], 0]);
});

relays('do not count a binary message, and end with it', () => {
  const { says, seen, steps } = start();
  says('{"id":1,"method":"A.b"}', true);
  assert.equal(seen, []);
  assert.equal(steps.at(-1), 'closed 1003 The DevTools protocol is text; this was a binary message');
});

for (const [what, lose, note] of [
  ['its page', (events: ChannelEvents) => events.onLost('page'), 'closed 1001 The page was closed'],
  [
    'a message that is too large',
    (events: ChannelEvents) => events.onOversized(),
    'closed 1009 Chrome sent a message that is larger than 256 MiB',
  ],
] as const) {
  relays(`end at once with the loss of ${what}`, () => {
    const { events, steps } = start();
    lose(events);
    assert.is(steps.at(-1), note);
  });
}

relays('wait a moment for a better reason when all of Chrome is lost', () => {
  const { events, clock, steps } = start();
  events.onLost('browser');
  clock.advance(RELAY_LIMITS.chromeLossGraceMs - 1);
  assert.equal(steps, []);
  clock.advance(1);
  assert.is(steps.at(-1), 'closed 1011 The browser dropped the connection');
});

relays('are closed once, with the better reason, when that comes', () => {
  const { events, relay, clock, steps } = start();
  events.onLost('browser');
  relay.close({ code: 4020, text: 'The browser exited unexpectedly' });
  clock.advance(RELAY_LIMITS.chromeLossGraceMs);
  assert.equal(
    steps.filter((step) => step.startsWith('closed')),
    ['closed 4020 The browser exited unexpectedly'],
  );
});

relays('do not keep the clock waiting for a client that has left', () => {
  const { events, client, clock } = start();
  events.onLost('browser');
  client.emit('close', 1001);
  assert.is(clock.pending(), 0);
});

relays('are read again before they are closed, so that the answer to the close is seen', () => {
  const { relay, chrome, says, steps } = start();
  chrome.isFull = true;
  says('{"id":1,"method":"A.b"}');
  assert.equal(steps, ['pause']);
  relay.close({ code: 4000, text: 'over' });
  assert.equal(steps, ['pause', 'resume', 'closed 4000 over']);
});

relays('are not read while Chrome is full, until it drains', () => {
  const { chrome, events, says, steps } = start();
  chrome.isFull = true;
  says('{"id":1,"method":"A.b"}');
  events.onDrain();
  events.onDrain();
  assert.equal(steps, ['pause', 'resume']);
});

relays('wait for nothing any more when they are being closed', () => {
  const { relay, client } = start();
  client.bufferedAmount = 5_000;
  assert.is(relay.unsentBytes(), 5_000);
  relay.close({ code: 4000, text: 'over' });
  assert.is(relay.unsentBytes(), 0);
});

relays('report a socket that fails, and are cut when they are told to', () => {
  const { relay, client, seen, steps } = start();
  client.emit('error', new Error('ECONNRESET'));
  relay.cut();
  assert.equal([seen, steps], [['ECONNRESET'], ['cut']]);
});

relays('answer Browser.close before they tell of it', () => {
  const { says, seen, steps } = start();
  says('{"id":3,"method":"Browser.close"}');
  assert.equal(steps, ['sent {"id":3,"result":{}}']);
  assert.equal(seen, ['toChrome 33', 'Browser.close']);
});

relays.run();
