import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../core/domain/clock.ts';
import { closeFrame, createFrameTracker } from './frame-tracker.ts';

export interface Splice {
  /** Resolves when both sockets are done with. */
  readonly closed: Promise<{ readonly bytesToClient: number; readonly bytesToBrowser: number }>;
  /** Closes with a close frame to the client, as soon as no frame is half sent, and ends. */
  close(code: number, reason: string): void;
  cut(): void;
}

/** How long one side may stay open when the other has ended. */
interface Linger {
  readonly lingerMs: number;
  readonly clock: Clock;
}

/**
 * Joins two sockets: the bytes of each go to the other as they are, and the slower one sets the pace. What has been read
 * of `upstream` so far must have been put back into it.
 */
export function splice(client: Socket, upstream: Socket, { lingerMs, clock }: Linger): Splice {
  const frames = createFrameTracker();
  let cancelLinger: (() => void) | undefined;
  let isClosing = false;

  const cut = (): void => {
    client.destroy();
    upstream.destroy();
  };
  const startLinger = (): void => {
    cancelLinger ??= clock.setTimer(lingerMs, cut);
  };
  client.once('end', startLinger);
  upstream.once('end', startLinger);
  // Beside the pipe: it sees each chunk as the pipe hands it on.
  upstream.on('data', (chunk: Buffer) => {
    if (!isClosing) frames.push(chunk);
  });
  // A reset of either side ends both pipes; how it ended is in the bytes, not in the error.
  const done = Promise.allSettled([pipeline(client, upstream), pipeline(upstream, client)]);
  const closed = done.then(() => {
    cancelLinger?.();
    cut();
    return { bytesToClient: upstream.bytesRead, bytesToBrowser: client.bytesRead };
  });

  function sendClose(frame: Buffer): void {
    isClosing = true;
    upstream.unpipe(client);
    client.once('close', cut);
    client.end(frame);
    startLinger();
  }

  return {
    closed,
    cut,
    close(code, reason) {
      const frame = closeFrame(code, reason);
      if (frames.isBetweenFrames()) return sendClose(frame);
      startLinger();
      upstream.on('data', () => {
        if (!isClosing && frames.isBetweenFrames()) sendClose(frame);
      });
    },
  };
}
