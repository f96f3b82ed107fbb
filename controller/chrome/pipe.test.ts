import { PassThrough } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createChromePipe } from './pipe.ts';

const pipes = suite('the debugging pipe');

function open(maxMessageBytes = 1000) {
  const toChrome = new PassThrough({ highWaterMark: 8 });
  const fromChrome = new PassThrough();
  const seen: string[] = [];
  const pipe = createChromePipe(toChrome, fromChrome, {
    maxMessageBytes,
    events: {
      onMessage: (message) => seen.push(message.toString()),
      onOversized: (tail) => seen.push(`oversized …${tail.toString().slice(-5)}`),
      onDrain: () => seen.push('drain'),
      onClose: () => seen.push('close'),
    },
  });
  return { toChrome, fromChrome, pipe, seen };
}
const turn = () => new Promise(setImmediate);

pipes('joins fragments to messages, wherever they are cut', async () => {
  const text = 'one\0zwei ä\0three\0';
  const bytes = Buffer.from(text);
  for (let size = 1; size <= bytes.length; size += 1) {
    const { fromChrome, seen } = open();
    for (let from = 0; from < bytes.length; from += size) fromChrome.write(bytes.subarray(from, from + size));
    await turn();
    assert.equal(seen, ['one', 'zwei ä', 'three'], `fragments of ${size}`);
  }
});

pipes('ends every message with a NUL, text and bytes, in order', async () => {
  const { toChrome, pipe } = open();
  pipe.write('one');
  pipe.write(Buffer.from('two'));
  pipe.write('three');
  assert.is(toChrome.read().toString(), 'one\0two\0three\0');
});

pipes('says when Chrome is behind, and when it is not any more', async () => {
  const { toChrome, pipe, seen } = open();
  assert.is(pipe.write('1'), true);
  assert.is(pipe.write('more than eight bytes'), false);
  toChrome.resume();
  await turn();
  assert.equal(seen, ['drain']);
});

pipes('drops a message above the limit, keeps its end, and goes on', async () => {
  const { fromChrome, seen } = open(100);
  for (let fragment = 0; fragment < 50; fragment += 1) fromChrome.write('x'.repeat(10));
  fromChrome.write('tail!\0next\0');
  await turn();
  assert.equal(seen, ['oversized …tail!', 'next']);
});

pipes('notifies of the end once, whichever side it comes from', async () => {
  for (const side of ['toChrome', 'fromChrome'] as const) {
    const opened = open();
    opened[side].destroy(new Error('EPIPE'));
    await turn();
    opened.fromChrome.destroy();
    opened.toChrome.destroy();
    await turn();
    assert.equal(opened.seen, ['close'], side);
    assert.is(opened.pipe.write('into the void'), true);
  }
});

pipes.run();
