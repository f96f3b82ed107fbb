import type { ChromeConnection } from '../chrome/connection.ts';

/** A page of Chrome's own, in a target that no client hears of. */
export interface HiddenTarget {
  /** Its session of CDP, when its page is there. */
  readonly ready: Promise<string>;
  /** Also while it opens: nothing of it stays. */
  close(): Promise<void>;
}

type Connection = Pick<ChromeConnection, 'call' | 'closeSession' | 'openHiddenTarget'>;

export function openHiddenTarget(connection: Connection, url: string): HiddenTarget {
  const opening = connection.openHiddenTarget();
  const attaching = opening.then(async (targetId) => {
    const { sessionId } = await connection.call('Target.attachToTarget', { targetId, flatten: true });
    return String(sessionId);
  });

  async function load(): Promise<string> {
    const cdpSessionId = await attaching;
    // Answered when the page is there: one that still loads would forget what it was asked.
    await connection.call('Page.navigate', { url }, cdpSessionId);
    return cdpSessionId;
  }

  const ready = load();
  // Whoever waits for it hears of it; when nobody does, it is nobody's fault.
  ready.catch(() => undefined);
  return {
    ready,
    async close() {
      const targetId = await opening;
      // It is left before it is closed, if it is attached by now: an answer that hangs is not waited for.
      const attached = attaching.then(connection.closeSession, () => undefined);
      await Promise.race([attached, new Promise(setImmediate)]);
      await connection.call('Target.closeTarget', { targetId });
    },
  };
}
