import type { WebSocket } from 'ws';

/** What a client is not read for: Chrome takes no more, or the client does not take what it is answered. */
export type Hold = 'chrome' | 'answers';

/** Reads a client only while nothing stands against it: what it sends waits in its own socket. */
export function createReading(client: WebSocket) {
  const holds = new Set<Hold>();
  return {
    hold(why: Hold): void {
      // A paused socket would never read the peer's close frame.
      if (client.readyState !== client.OPEN) return;
      holds.add(why);
      client.pause();
    },
    release(why: Hold): void {
      if (holds.delete(why) && holds.size === 0) client.resume();
    },
    releaseAll(): void {
      holds.clear();
      client.resume();
    },
  };
}
