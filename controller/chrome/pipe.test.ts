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

pipes('takes a message of just the limit, however it is cut, and none of a byte more', async () => {
  for (const size of [1, 7, 99, 100, 101, 202]) {
    const { fromChrome, seen } = open(100);
    const bytes = Buffer.from(`${'a'.repeat(100)}\0${'b'.repeat(101)}\0c\0`);
    for (let from = 0; from < bytes.length; from += size) fromChrome.write(bytes.subarray(from, from + size));
    await turn();
    assert.equal(seen, ['a'.repeat(100), 'oversized …bbbbb', 'c'], `fragments of ${size}`);
  }
});

pipes('keeps of a message above the limit what names its session, however it is cut', async () => {
  const end = '"x","sessionId":"0123456789ABCDEF0123456789ABCDEF"}';
  for (const size of [1, 13, 64, 10_000]) {
    const tails: string[] = [];
    const fromChrome = new PassThrough();
    createChromePipe(new PassThrough(), fromChrome, {
      maxMessageBytes: 1_000,
      events: {
        onMessage: () => assert.unreachable('it is too large'),
        onOversized: (tail) => tails.push(tail.toString()),
        onDrain() {},
        onClose() {},
      },
    });
    const bytes = Buffer.from(`${'x'.repeat(5_000)}${end}\0`);
    for (let from = 0; from < bytes.length; from += size) fromChrome.write(bytes.subarray(from, from + size));
    await turn();
    assert.is(tails.length, 1, `fragments of ${size}`);
    assert.ok(tails[0]?.endsWith(end), `fragments of ${size}`);
    assert.ok((tails[0]?.length ?? 0) < 10_000 && !tails[0]?.includes('\0'));
  }
});

pipes('takes messages of no bytes for what they are, and forgets one that never ended', async () => {
  const { fromChrome, seen } = open();
  fromChrome.write('\0\0one\0never ended');
  await turn();
  fromChrome.destroy();
  await turn();
  assert.equal(seen, ['', '', 'one', 'close']);
});

pipes('hands over bytes that stay as they are when the next message comes', async () => {
  const kept: Buffer[] = [];
  const fromChrome = new PassThrough();
  createChromePipe(new PassThrough(), fromChrome, {
    maxMessageBytes: 100,
    events: { onMessage: (message) => kept.push(message), onOversized() {}, onDrain() {}, onClose() {} },
  });
  for (const text of ['one\0tw', 'o\0three\0']) fromChrome.write(text);
  await turn();
  kept[0]?.fill(0x2e);
  assert.equal(kept.map(String), ['...', 'two', 'three']);
});

pipes('does not read on while it is paused', async () => {
  const { fromChrome, pipe, seen } = open();
  pipe.pause();
  fromChrome.write('one\0');
  await turn();
  assert.equal(seen, []);
  pipe.resume();
  await turn();
  assert.equal(seen, ['one']);
});

pipes('writes nothing more once Chrome has closed its end', async () => {
  const { toChrome, fromChrome, pipe, seen } = open();
  fromChrome.destroy();
  await turn();
  assert.equal([pipe.write('late'), pipe.write(Buffer.from('later'))], [true, true]);
  assert.equal([seen, toChrome.read()], [['close'], null]);
});

pipes.run();
