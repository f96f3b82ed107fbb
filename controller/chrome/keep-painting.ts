import type { Json } from './json.ts';
import { ChromeGoneError, ChromeRefusedError } from './pending-calls.ts';
import type { OwnedSession } from './session-owners.ts';

/** Does nothing for a page that is painted anyway. The frames themselves are wanted by nobody: few, small and poor. */
const SCREENCAST = { format: 'jpeg', quality: 1, maxWidth: 16, maxHeight: 16, everyNthFrame: 1_000 };

export interface KeepPaintingDeps {
  /** Attaches to a page as the controller. */
  attach(params: object): Promise<Json>;
  call(method: string, params: object, cdpSessionId: string): Promise<Json>;
  closeSession(cdpSessionId: string): void;
}

export interface KeepPainting {
  /** A screenshot of this session's page has been asked for. */
  begin(session: OwnedSession): void;
  /** One of them is answered, or nobody waits for it any more. */
  end(session: OwnedSession): void;
  /** These sessions have gone, with what was asked in them. */
  endAll(gone: Iterable<OwnedSession>): void;
}

interface Painted {
  count: number;
  stop(): void;
}

/**
 * Chrome does not paint a page that is not in front: its first screenshot takes three seconds, and the second never
 * comes. It paints while a screencast runs, so one of the controller's own runs until the client has its answer.
 */
export function createKeepPainting({ attach, call, closeSession }: KeepPaintingDeps): KeepPainting {
  const painted = new Map<string, Painted>();

  function start(targetId: string): Painted {
    const opened = attach({ targetId, flatten: true }).then(async ({ sessionId }) => {
      await call('Page.startScreencast', SCREENCAST, String(sessionId)).catch(ignoreGone);
      return String(sessionId);
    });
    opened.catch(ignoreGone);
    return { count: 0, stop: () => void opened.then(closeSession, ignoreGone) };
  }

  function end({ targetId }: OwnedSession): void {
    const page = targetId === undefined ? undefined : painted.get(targetId);
    if (targetId === undefined || page === undefined) return;
    page.count -= 1;
    if (page.count > 0) return;
    painted.delete(targetId);
    page.stop();
  }

  return {
    begin({ targetId }) {
      if (targetId === undefined) return;
      const page = painted.get(targetId) ?? start(targetId);
      painted.set(targetId, page);
      page.count += 1;
    },
    end,
    endAll(gone) {
      for (const session of gone)
        for (const sentAs of session.unanswered.values()) if (sentAs === 'screenshot') end(session);
    },
  };
}

/** The page, or all of Chrome, may go at any time: the client's own command is then answered with that. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
}
