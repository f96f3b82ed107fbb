import type { Readable, Writable } from 'node:stream';

export interface PipeEvents {
  /** One whole message, without its NUL. The bytes are the receiver's to keep and to change. */
  onMessage(message: Buffer): void;
  /** A message above the limit went by; only its last bytes were kept. */
  onOversized(tail: Buffer): void;
  /** Chrome takes messages again. */
  onDrain(): void;
  /** Chrome closed its end: it is gone, or about to be. Notified once. */
  onClose(): void;
}

export interface ChromePipe {
  /** Writes one message. False: Chrome is behind, send no more until `onDrain`. */
  write(message: string | Buffer): boolean;
  pause(): void;
  resume(): void;
}

const NUL = Buffer.alloc(1);
/** Enough for what a message ends with: the id of its session of CDP. */
const KEPT_TAIL_BYTES = 256;

/** The framing of --remote-debugging-pipe: JSON messages, each ended by a NUL. */
export function createChromePipe(
  toChrome: Writable,
  fromChrome: Readable,
  { maxMessageBytes, events }: { maxMessageBytes: number; events: PipeEvents },
): ChromePipe {
  const framer = createFramer(maxMessageBytes, events);
  let isClosed = false;

  const close = () => {
    if (isClosed) return;
    isClosed = true;
    framer.clear();
    events.onClose();
  };

  fromChrome.on('data', framer.push);
  toChrome.on('drain', events.onDrain);
  // Neither end is of use without the other, and no error says more than that Chrome went away.
  for (const stream of [toChrome, fromChrome]) stream.on('error', close).on('close', close);

  return {
    write(message) {
      if (isClosed) return true;
      // As bytes: one write, and a quicker one than that of a text.
      if (typeof message === 'string') return toChrome.write(Buffer.from(`${message}\0`));
      toChrome.cork();
      toChrome.write(message);
      const hasRoom = toChrome.write(NUL);
      toChrome.uncork();
      return hasRoom;
    },
    pause: () => void fromChrome.pause(),
    resume: () => void fromChrome.resume(),
  };
}

/** Cuts what Chrome writes into messages. Of one that is too large only the end is kept: whose it was is to be seen there. */
function createFramer(maxMessageBytes: number, events: Pick<PipeEvents, 'onMessage' | 'onOversized'>) {
  let fragments: Buffer[] = [];
  let keptBytes = 0;
  let isOversized = false;

  const keep = (fragment: Buffer) => {
    if (fragment.length === 0) return;
    fragments.push(fragment);
    keptBytes += fragment.length;
    if (keptBytes <= maxMessageBytes) return;
    isOversized = true;
    fragments = [Buffer.from(Buffer.concat(fragments.slice(-64)).subarray(-KEPT_TAIL_BYTES))];
  };
  const finish = () => {
    const message = fragments.length === 1 ? (fragments[0] as Buffer) : Buffer.concat(fragments);
    const wasOversized = isOversized;
    fragments = [];
    keptBytes = 0;
    isOversized = false;
    if (wasOversized) events.onOversized(message);
    else events.onMessage(message);
  };
  return {
    push(chunk: Buffer): void {
      let from = 0;
      for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, from)) {
        keep(chunk.subarray(from, end));
        finish();
        from = end + 1;
      }
      keep(chunk.subarray(from));
    },
    clear(): void {
      fragments = [];
    },
  };
}
