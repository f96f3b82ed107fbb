import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROUTER_CLOSES } from '../core/domain/close-codes.ts';
import { closeFrame, createFrameTracker } from './frame-tracker.ts';

const HEAD = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');

/** An unmasked text frame with a payload of `length` bytes. */
function frame(length: number): Buffer {
  if (length < 126) return Buffer.concat([Buffer.from([0x81, length]), Buffer.alloc(length, 120)]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = 0x81;
  if (length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, Buffer.alloc(length, 120)]);
}

const tracker = suite('createFrameTracker');

tracker('knows where a frame ends, however the bytes are cut', () => {
  const lengths = [0, 1, 125, 126, 300, 65_535, 65_536, 70_000, 2];
  const frames = lengths.map(frame);
  const stream = Buffer.concat([HEAD, ...frames]);
  const ends = new Set([HEAD.length]);
  for (const [index] of frames.entries()) {
    ends.add(HEAD.length + Buffer.concat(frames.slice(0, index + 1)).length);
  }
  for (const step of [1, 2, 3, 7, 1000, 65_536]) {
    const tracked = createFrameTracker();
    for (let at = 0; at < stream.length; at += step) {
      tracked.push(stream.subarray(at, at + step));
      const pushed = Math.min(at + step, stream.length);
      assert.is(tracked.isBetweenFrames(), ends.has(pushed), `${pushed} bytes in steps of ${step}`);
    }
  }
});

tracker('is never between frames before the handshake, nor after one that was refused', () => {
  const early = createFrameTracker();
  assert.is(early.isBetweenFrames(), false);
  early.push(HEAD.subarray(0, -1));
  assert.is(early.isBetweenFrames(), false);
  const refused = createFrameTracker();
  refused.push(Buffer.from('HTTP/1.1 404 Not Found\r\n\r\n'));
  assert.is(refused.isBetweenFrames(), false);
  const endless = createFrameTracker();
  endless.push(Buffer.alloc(20_000, 120));
  endless.push(HEAD);
  assert.is(endless.isBetweenFrames(), false);
});

tracker('takes control frames and continuations for frames like all others', () => {
  const tracked = createFrameTracker();
  tracked.push(HEAD);
  // A text in two parts, with a ping between them, and an empty pong.
  for (const bytes of [
    [0x01, 1, 120],
    [0x89, 2, 1, 2],
    [0x80, 1, 120],
    [0x8a, 0],
  ]) {
    tracked.push(Buffer.from(bytes.slice(0, 1)));
    assert.is(tracked.isBetweenFrames(), false);
    tracked.push(Buffer.from(bytes.slice(1)));
    assert.is(tracked.isBetweenFrames(), true);
  }
});

tracker('finds its way through masked frames as well, which no server should send', () => {
  const tracked = createFrameTracker();
  tracked.push(HEAD);
  tracked.push(Buffer.from([0x81, 0x82, 1, 2, 3, 4, 5]));
  assert.is(tracked.isBetweenFrames(), false);
  tracked.push(Buffer.from([6]));
  assert.is(tracked.isBetweenFrames(), true);
});

tracker('is not between frames for as long as an immense one lasts', () => {
  const tracked = createFrameTracker();
  tracked.push(HEAD);
  tracked.push(Buffer.from([0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
  for (let round = 0; round < 10; round++) tracked.push(Buffer.alloc(1 << 20));
  assert.is(tracked.isBetweenFrames(), false);
});

tracker('has not to be pushed anything: no bytes change nothing', () => {
  const tracked = createFrameTracker();
  tracked.push(Buffer.alloc(0));
  tracked.push(HEAD);
  tracked.push(Buffer.alloc(0));
  assert.is(tracked.isBetweenFrames(), true);
  tracked.push(frame(3).subarray(0, 1));
  tracked.push(Buffer.alloc(0));
  assert.is(tracked.isBetweenFrames(), false);
});

tracker('takes an answer for the handshake only where it is one, to the last letter', () => {
  for (const line of [
    'HTTP/1.1 1010 X',
    'HTTP/1.0 101 X',
    'HTTP/1.1 200 OK',
    ' HTTP/1.1 101 X',
    'http/1.1 101 X',
  ]) {
    const tracked = createFrameTracker();
    tracked.push(Buffer.from(`${line}\r\n\r\n`));
    assert.is(tracked.isBetweenFrames(), false, line);
  }
});

tracker('does not see what it was handed change under it', () => {
  const tracked = createFrameTracker();
  tracked.push(HEAD);
  // Half of the length of a frame of 256 bytes, in a buffer that is used again.
  const reused = Buffer.from([0x82, 126, 1]);
  tracked.push(reused);
  reused.fill(0xff);
  tracked.push(Buffer.concat([Buffer.from([0]), Buffer.alloc(256)]));
  assert.is(tracked.isBetweenFrames(), true);
});

tracker.run();

// ---

const close = suite('closeFrame');

close('is one unmasked frame with a code and a sentence', () => {
  assert.equal([...closeFrame(1012, 'so')], [0x88, 4, 0x03, 0xf4, 0x73, 0x6f]);
});

close('counts the bytes of its sentence, not its characters', () => {
  const frame = closeFrame(4000, 'né');
  assert.is(frame[1], 5);
  assert.is(frame.subarray(4).toString(), 'né');
  assert.is(frame.readUInt16BE(2), 4000);
});

close('leaves a tracker between frames, like any other', () => {
  const tracked = createFrameTracker();
  tracked.push(HEAD);
  tracked.push(closeFrame(1012, 'The router is restarting: connect again'));
  assert.is(tracked.isBetweenFrames(), true);
});

for (const { code, text } of Object.values(ROUTER_CLOSES)) {
  close(`fits into a control frame: ${code} ${text}`, () =>
    assert.ok(closeFrame(code, text).length <= 2 + 125),
  );
}

close.run();
