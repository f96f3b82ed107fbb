/**
 * Follows the WebSocket frames of a server (RFC 6455, 5.2; unmasked) through a stream of bytes, by their lengths alone:
 * payloads are neither looked at nor copied. It is needed for one thing only: a close frame of our own can be sent
 * between two frames, and nowhere else.
 */
export interface FrameTracker {
  push(chunk: Buffer): void;
  /** Between two frames, after the handshake was accepted. */
  isBetweenFrames(): boolean;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const ACCEPTED = /^HTTP\/1\.1 101 /;
const MAX_HEAD_BYTES = 16 * 1024;
const NOTHING = Buffer.alloc(0);
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** The bytes of a frame before its payload, by its second byte. */
const headerLengthOf = (secondByte: number): number => {
  const length = secondByte & 0x7f;
  const extended = length === LENGTH_16 ? 2 : length === LENGTH_64 ? 8 : 0;
  return 2 + extended + ((secondByte & 0x80) === 0 ? 0 : 4);
};

function payloadLengthAt(bytes: Buffer, offset: number): number {
  const length = (bytes[offset + 1] as number) & 0x7f;
  if (length === LENGTH_16) return bytes.readUInt16BE(offset + 2);
  return length === LENGTH_64 ? Number(bytes.readBigUInt64BE(offset + 2)) : length;
}

export function createFrameTracker(): FrameTracker {
  // What came of the answer's head, then of a frame's header, when a chunk ended within it.
  let partial: Buffer = NOTHING;
  let state: 'head' | 'frames' | 'lost' = 'head';
  let payloadLeft = 0;

  function readHead(chunk: Buffer): Buffer {
    partial = Buffer.concat([partial, chunk]);
    const end = partial.indexOf(HEAD_END);
    if (end < 0) {
      if (partial.length > MAX_HEAD_BYTES) state = 'lost';
      return NOTHING;
    }
    const rest = partial.subarray(end + HEAD_END.length);
    state = ACCEPTED.test(partial.toString('latin1', 0, end)) ? 'frames' : 'lost';
    partial = NOTHING;
    return rest;
  }

  function readFrames(chunk: Buffer): void {
    const bytes = partial.length > 0 ? Buffer.concat([partial, chunk]) : chunk;
    partial = NOTHING;
    let offset = 0;
    while (offset < bytes.length) {
      if (payloadLeft === 0) {
        const left = bytes.length - offset;
        const headerLength = left < 2 ? 2 : headerLengthOf(bytes[offset + 1] as number);
        if (left < headerLength) {
          partial = Buffer.from(bytes.subarray(offset));
          return;
        }
        payloadLeft = payloadLengthAt(bytes, offset);
        offset += headerLength;
      }
      const skipped = Math.min(payloadLeft, bytes.length - offset);
      payloadLeft -= skipped;
      offset += skipped;
    }
  }

  return {
    push(chunk) {
      const frames = state === 'head' ? readHead(chunk) : chunk;
      if (state === 'frames') readFrames(frames);
    },
    isBetweenFrames: () => state === 'frames' && payloadLeft === 0 && partial.length === 0,
  };
}

/** An unmasked close frame, as a server sends it. */
export function closeFrame(code: number, reason: string): Buffer {
  const text = Buffer.from(reason);
  const payload = Buffer.alloc(2 + text.length);
  payload.writeUInt16BE(code);
  text.copy(payload, 2);
  return Buffer.concat([Buffer.from([0x88, payload.length]), payload]);
}
