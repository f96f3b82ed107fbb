import type { Json } from './json.ts';
import { ChromeGoneError, ChromeRefusedError } from './pending-calls.ts';

export interface PaintedPagesDeps {
  call(method: string, params?: object, cdpSessionId?: string): Promise<Json>;
  closeSession(cdpSessionId: string): void;
}

export interface PaintedPages {
  /** From now on Chrome paints this page, also when it is not in front, until as many `release` have been called. */
  hold(targetId: string): void;
  release(targetId: string): void;
}

/** As small as a picture can be: nobody looks at it. */
const SCREENCAST = { format: 'jpeg', quality: 1, maxWidth: 1, maxHeight: 1 };

/**
 * Chrome paints no page that is not in front, and a screenshot waits for the next painting: the first one may come, the
 * second never does. While somebody watches a page, Chrome paints it; so the controller does, without looking.
 */
export function createPaintedPages({ call, closeSession }: PaintedPagesDeps): PaintedPages {
  const holds = new Map<string, { count: number; readonly attached: Promise<string | undefined> }>();

  async function watch(targetId: string): Promise<string | undefined> {
    try {
      const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
      const cdpSessionId = String(sessionId);
      // It ends with the session of CDP, and its frames are never acknowledged: there are two of them at most.
      call('Page.startScreencast', SCREENCAST, cdpSessionId).catch(ignoreGone);
      return cdpSessionId;
    } catch (error) {
      return ignoreGone(error);
    }
  }

  return {
    hold(targetId) {
      const held = holds.get(targetId);
      if (held === undefined) holds.set(targetId, { count: 1, attached: watch(targetId) });
      else held.count += 1;
    },
    release(targetId) {
      const held = holds.get(targetId);
      if (held === undefined) return;
      held.count -= 1;
      if (held.count > 0) return;
      holds.delete(targetId);
      void held.attached.then((cdpSessionId) => {
        if (cdpSessionId !== undefined) closeSession(cdpSessionId);
      });
    },
  };
}

/** The page, or all of Chrome, is gone, and with it who waited for a picture. */
function ignoreGone(error: unknown): undefined {
  if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
}
