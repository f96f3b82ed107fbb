import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { createClientSender } from './client-sender.ts';

const sender = suite('what is sent to a client');

const LIMITS = { highWaterBytes: 1_000, lowWaterBytes: 100, messageOverheadBytes: 10 };

/** A client that takes what it is sent only when `take` says so. */
function start({ hasRoom = true } = {}) {
  const steps: string[] = [];
  const asked: number[] = [];
  const waiting: { bytes: number; onFlushed: (() => void) | undefined }[] = [];
  const client = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send(data: Buffer, options: object, onFlushed?: () => void) {
      assert.equal(options, { binary: false, compress: false });
      steps.push(`sent ${data.length}`);
      client.bufferedAmount += data.length;
      waiting.push({ bytes: data.length, onFlushed });
    },
  };
  const sends = createClientSender({
    client: client as unknown as WebSocket,
    limits: LIMITS,
    evictSlowest(bytes) {
      asked.push(bytes);
      return hasRoom;
    },
    events: { onBehind: () => steps.push('behind'), onCaughtUp: () => steps.push('caught up') },
  });
  const send = (bytes: number) => sends.send(Buffer.alloc(bytes));
  /** The client takes its next so many messages. */
  const take = (messages: number) => {
    for (const { bytes, onFlushed } of waiting.splice(0, messages)) {
      client.bufferedAmount -= bytes;
      onFlushed?.();
    }
  };
  return { sends, client, steps, asked, send, take };
}

sender('passes small messages on, and makes nobody wait for them', () => {
  const { sends, steps, asked, send, take } = start();
  for (const _ of [1, 2, 3]) {
    send(50);
    take(1);
  }
  assert.equal([steps, asked], [['sent 50', 'sent 50', 'sent 50'], []]);
  assert.equal([sends.unsentBytes(), sends.isBehind()], [0, false]);
});

sender('is behind above the high water, and has caught up at the low one', () => {
  const { sends, steps, send, take } = start();
  send(500);
  send(480);
  assert.not(sends.isBehind(), 'as high as the water may be');
  send(1);
  assert.ok(sends.isBehind());
  take(1);
  assert.ok(sends.isBehind(), 'between the two it stays as it is');
  take(1);
  assert.not(sends.isBehind());
  assert.equal(steps, ['sent 500', 'sent 480', 'sent 1', 'behind', 'caught up']);
});

sender('notifies once, however much more comes', () => {
  const { steps, send } = start();
  for (const _ of [1, 2, 3, 4]) send(900);
  assert.is(steps.filter((step) => step === 'behind').length, 1);
});

sender('counts what each message costs beside its bytes', () => {
  const { sends, steps, send } = start();
  send(1);
  for (let sent = 0; sent < 91; sent += 1) send(1);
  assert.is(sends.unsentBytes(), 92 + 91 * 10);
  assert.is(steps.at(-1), 'behind');
});

sender('asks for room only for what makes more wait than the low water', () => {
  const { asked, send } = start();
  send(90);
  assert.equal(asked, []);
  send(1);
  send(500);
  assert.equal(asked, [11, 510]);
});

sender('drops a message for which there is no room: this client had to go', () => {
  const { sends, steps, send } = start({ hasRoom: false });
  send(500);
  assert.equal([steps, sends.unsentBytes()], [[], 0]);
});

sender('sends nothing to a client that is going, and asks for no room for it', () => {
  const { client, steps, asked, send } = start();
  client.readyState = 2;
  send(500);
  assert.equal([steps, asked], [[], []]);
});

sender('can fall behind and catch up again and again', () => {
  const { steps, send, take } = start();
  for (const _ of [1, 2]) {
    send(2_000);
    take(1);
  }
  assert.equal(steps, ['sent 2000', 'behind', 'caught up', 'sent 2000', 'behind', 'caught up']);
});

sender.run();
