import type { PaintedPages } from './painted-pages.ts';
import type { OwnedSession } from './session-owners.ts';

/** The clients' screenshots that are under way. Of a page's other commands none waits for its painting (measured). */
export interface Screenshots {
  noteSent(session: OwnedSession, id: number, method: string | undefined): void;
  answered(session: OwnedSession, id: number): void;
  /** These sessions of CDP have gone, and nobody waits in them any more. */
  take(gone: readonly OwnedSession[]): void;
}

export function createScreenshots(pages: PaintedPages): Screenshots {
  const waiting = new Map<OwnedSession, Set<number>>();

  function settle(session: OwnedSession, id: number): void {
    const ids = waiting.get(session);
    if (ids?.delete(id) !== true) return;
    if (ids.size === 0) waiting.delete(session);
    pages.release(String(session.targetId));
  }

  return {
    noteSent(session, id, method) {
      if (method !== 'Page.captureScreenshot' || session.targetId === undefined) return;
      const ids = waiting.get(session) ?? new Set();
      // An id that waits already, sent again, is one more answer to no more pictures than one.
      if (ids.has(id)) return;
      waiting.set(session, ids.add(id));
      pages.hold(session.targetId);
    },
    answered: settle,
    take(gone) {
      for (const session of gone) for (const id of [...(waiting.get(session) ?? [])]) settle(session, id);
    },
  };
}
