import { suite } from 'uvu';
import * as assert from 'uvu/assert';
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

tracker.run();

// ---

const close = suite('closeFrame');

close('is one unmasked frame with a code and a sentence', () => {
  assert.equal([...closeFrame(1012, 'so')], [0x88, 4, 0x03, 0xf4, 0x73, 0x6f]);
});

close.run();
