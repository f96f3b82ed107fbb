import type { HostedChannel } from './channel.ts';
import type { Emulated } from './left-emulation.ts';

/** How a command went to Chrome: parsed before, as it came, or as one whose answer is a list of all targets. */
export type SentAs = 'parsed' | 'unparsed' | 'targets';

/** A session of CDP that is a client's. */
export interface OwnedSession {
  readonly cdpSessionId: string;
  readonly channel: HostedChannel;
  /** The session of CDP whose event told of it, and which it ends with; none for a channel's own. */
  readonly parentId?: string | undefined;
  readonly targetId?: string | undefined;
  /** The client's own ids of what was asked in it and is not answered. */
  readonly unanswered: Map<number, SentAs>;
  /** Its target has not begun: it waits for this client. */
  isWaiting: boolean;
  /** What this client emulates on the page. */
  readonly emulated: Set<Emulated>;
  /** Chrome has said something in it. */
  hasSpoken: boolean;
}

export type NewSession = Pick<OwnedSession, 'cdpSessionId' | 'channel' | 'parentId' | 'targetId'> & {
  readonly isWaiting?: boolean;
};

export interface SessionOwners {
  add(session: NewSession): void;
  get(cdpSessionId: string | undefined): OwnedSession | undefined;
  /** A session has gone, with those below it. */
  remove(cdpSessionId: string): readonly OwnedSession[];
  /** The channel has left, with every session it owned. */
  forget(channel: HostedChannel): readonly OwnedSession[];
  all(): Iterable<OwnedSession>;
  /** Its target, and those of the sessions above it. */
  targetsOf(session: OwnedSession): readonly string[];
}

/** Whose each session of CDP is. They come and go by events, always before anything else of theirs. */
export function createSessionOwners(): SessionOwners {
  const sessions = new Map<string, OwnedSession>();

  function removeWhere(isGone: (session: OwnedSession) => boolean): OwnedSession[] {
    const gone = [...sessions.values()].filter(isGone);
    for (const { cdpSessionId } of gone) sessions.delete(cdpSessionId);
    return gone;
  }

  function remove(cdpSessionId: string): OwnedSession[] {
    const gone = removeWhere((session) => session.cdpSessionId === cdpSessionId);
    const below = removeWhere(({ parentId }) => parentId === cdpSessionId);
    return [...gone, ...below.flatMap((session) => [session, ...remove(session.cdpSessionId)])];
  }

  return {
    add({ isWaiting = false, ...session }) {
      sessions.set(session.cdpSessionId, {
        ...session,
        isWaiting,
        unanswered: new Map(),
        emulated: new Set(),
        hasSpoken: false,
      });
    },
    get: (cdpSessionId) => (cdpSessionId === undefined ? undefined : sessions.get(cdpSessionId)),
    remove,
    forget: (channel) => removeWhere((session) => session.channel === channel),
    all: () => sessions.values(),
    targetsOf(session) {
      const targets: string[] = [];
      for (let at: OwnedSession | undefined = session; at !== undefined; at = sessions.get(at.parentId ?? ''))
        if (at.targetId !== undefined) targets.push(at.targetId);
      return targets;
    },
  };
}
