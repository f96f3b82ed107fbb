import type { OwnedSession, SessionOwners } from './session-owners.ts';

export type ViewportListener = (targetId: string) => void;

/** Which pages have lost the size that a client gave them, because it has left them. */
export interface LeftViewports {
  noteSent(session: OwnedSession, method: string | undefined): void;
  /** These sessions of CDP have gone. */
  take(gone: readonly OwnedSession[]): void;
  /** Whether some client gives this page a size of its own. */
  isHeld(targetId: string): boolean;
  listen(listener: ViewportListener): void;
}

export function createLeftViewports(owners: Pick<SessionOwners, 'all'>): LeftViewports {
  let onLeft: ViewportListener = () => undefined;
  const isHeld = (targetId: string) =>
    [...owners.all()].some((session) => session.hasViewport && session.targetId === targetId);

  return {
    noteSent(session, method) {
      if (method === 'Emulation.setDeviceMetricsOverride') session.hasViewport = true;
    },
    take(gone) {
      const targetIds = new Set(
        gone.filter(({ hasViewport }) => hasViewport).map(({ targetId }) => targetId),
      );
      for (const targetId of targetIds) if (targetId !== undefined && !isHeld(targetId)) onLeft(targetId);
    },
    isHeld,
    listen(listener) {
      onLeft = listener;
    },
  };
}
