import type { OwnedSession, SessionOwners } from './session-owners.ts';

/** What a client makes of a page for as long as it stays, and what Chrome then ends for everybody. */
const METHODS = {
  viewport: 'Emulation.setDeviceMetricsOverride',
  focus: 'Emulation.setFocusEmulationEnabled',
  // Of the browser, not of a page: whoever listens is told of no target.
  downloads: 'Browser.setDownloadBehavior',
} as const;

export type Emulated = keyof typeof METHODS;

const KINDS = Object.keys(METHODS) as Emulated[];

export type EmulationListener = (targetId: string) => void;

/** Which pages have lost what a client emulated on them, because it has left them. */
export interface LeftEmulation {
  noteSent(session: OwnedSession, method: string | undefined): void;
  /** These sessions of CDP have gone. */
  take(gone: readonly OwnedSession[]): void;
  /** Whether some client emulates this on the page. */
  isHeld(kind: Emulated, targetId: string): boolean;
  listen(kind: Emulated, listener: EmulationListener): void;
}

export function createLeftEmulation(owners: Pick<SessionOwners, 'all'>): LeftEmulation {
  const listeners = new Map<Emulated, EmulationListener>();
  const isHeld = (kind: Emulated, targetId: string) =>
    [...owners.all()].some((session) => session.emulated.has(kind) && session.targetId === targetId);

  function takeKind(kind: Emulated, gone: readonly OwnedSession[]): void {
    const left = gone.filter(({ emulated }) => emulated.has(kind));
    if (kind === 'downloads' && left.length > 0) listeners.get(kind)?.('');
    for (const targetId of new Set(left.map(({ targetId }) => targetId)))
      if (targetId !== undefined && !isHeld(kind, targetId)) listeners.get(kind)?.(targetId);
  }

  return {
    noteSent(session, method) {
      const kind = KINDS.find((each) => METHODS[each] === method);
      if (kind !== undefined) session.emulated.add(kind);
    },
    take(gone) {
      for (const kind of KINDS) takeKind(kind, gone);
    },
    isHeld,
    listen: (kind, listener) => void listeners.set(kind, listener),
  };
}
