import type { WebSocket } from 'ws';

/** What a client is not read for: Chrome takes no more, or the client does not take what it is answered. */
export type Hold = 'chrome' | 'answers';

export interface ClientBackPressure {
  hold(why: Hold): void;
  release(why: Hold): void;
  releaseAll(): void;
}

/** Reads a client only while nothing stands against it: what it sends waits in its own socket. */
export function createClientBackPressure(client: WebSocket): ClientBackPressure {
  const holds = new Set<Hold>();
  return {
    hold(why) {
      // A paused socket would never read the peer's close frame.
      if (client.readyState !== client.OPEN) return;
      holds.add(why);
      client.pause();
    },
    release(why) {
      if (holds.delete(why) && holds.size === 0) client.resume();
    },
    releaseAll() {
      holds.clear();
      client.resume();
    },
  };
}
