import type { WebSocket } from 'ws';
import type { Clock } from '../../core/domain/clock.ts';
import type { ChromeChannel } from '../chrome/channel.ts';

export interface HeldTargetsOptions {
  readonly client: WebSocket;
  readonly socket: { readonly bytesRead: number };
  readonly chrome: Pick<ChromeChannel, 'hasWaiting' | 'resumeWaiting'>;
  readonly clock: Clock;
  /** How long a target waits for a client that answers nothing. */
  readonly waitMs: number;
}

export interface HeldTargets {
  /** A new target waits for this client. */
  onWaiting(): void;
  stop(): void;
}

/**
 * A client that stops every new target at its start, and then stands still itself, would stop them for all: what waits
 * for it goes on after a few seconds. One that answers its pings may hold a target for as long as it likes.
 */
export function createHeldTargets(options: HeldTargetsOptions): HeldTargets {
  const { client, socket, chrome, clock, waitMs } = options;
  let bytesRead = -1;
  let isSilent = false;
  let cancel: (() => void) | undefined;

  function ask(): void {
    bytesRead = socket.bytesRead;
    isSilent = false;
    if (client.bufferedAmount === 0) client.ping();
    cancel = clock.setTimer(waitMs, look);
  }

  function look(): void {
    cancel = undefined;
    if (!chrome.hasWaiting()) return;
    isSilent = socket.bytesRead === bytesRead;
    if (isSilent) chrome.resumeWaiting();
    else ask();
  }

  return {
    onWaiting() {
      // It has said nothing since: there is no need to find that out anew.
      if (isSilent && socket.bytesRead === bytesRead) chrome.resumeWaiting();
      else if (cancel === undefined) ask();
    },
    stop: () => cancel?.(),
  };
}
