import type { HostedChannel } from './channel.ts';
import { CHROME_LIMITS } from './limits.ts';
import type { PendingCalls } from './pending-calls.ts';
import type { OwnedSession, SentAs, SessionOwners } from './session-owners.ts';

/** Chrome's code for a command to a session of CDP that is not there. */
const UNKNOWN_SESSION = -32_001;

/** An error of Chrome's that names no session of CDP. */
export interface UnaddressedError {
  readonly id: number | undefined;
  readonly code: number | undefined;
  readonly bytes: Buffer;
}

export interface UnansweredCommands {
  noteSent(session: OwnedSession, id: number, sentAs: SentAs): void;
  forget(channel: HostedChannel): void;
  /** These sessions of CDP have gone: whoever asked in them is told, Chrome often says nothing. */
  settle(gone: readonly OwnedSession[]): void;
  /** Notifies whoever sent what Chrome could not take, if that is certain. */
  takeError(error: UnaddressedError): void;
}

/**
 * The clients' commands that wait for an answer. Chrome says of one for a session of CDP that has just gone, or of one it
 * could not read, only its id, and ids are the clients' own; of one that was under way in a page which closes it says
 * nothing at all.
 */
export function createUnansweredCommands(
  owners: Pick<SessionOwners, 'all'>,
  calls: Pick<PendingCalls, 'request' | 'forgetSession'>,
): UnansweredCommands {
  let lastSender: HostedChannel | undefined;
  /** Ids that were settled, and which Chrome may answer after that: once is enough. */
  const late = new Set<Set<number>>();

  /** The one session of CDP in which this id waits; undefined when there are none or several. */
  function sessionWaitingFor({ id, code }: UnaddressedError): OwnedSession | undefined {
    if (id === undefined) return undefined;
    const isUnknown = code === UNKNOWN_SESSION;
    const waiting = [...owners.all()].filter(({ unanswered, hasSpoken }) => {
      const sentAs = unanswered.get(id);
      // What was parsed before can always be read, and a session in which Chrome speaks is there.
      return isUnknown ? sentAs !== undefined && !hasSpoken : sentAs === 'unparsed';
    });
    return waiting.length === 1 ? waiting[0] : undefined;
  }

  function expectLate(ids: Set<number>): void {
    if (ids.size === 0) return;
    late.add(ids);
    // Chrome takes commands in their order: with this answer, those before it have had theirs.
    calls.request({ method: 'Browser.getVersion' }, () => void late.delete(ids));
  }

  return {
    noteSent(session, id, sentAs) {
      lastSender = session.channel;
      if (session.unanswered.size < CHROME_LIMITS.maxUnanswered) session.unanswered.set(id, sentAs);
    },
    forget(channel) {
      if (lastSender === channel) lastSender = undefined;
    },
    settle(gone) {
      const ids = new Set<number>();
      for (const { cdpSessionId, channel, unanswered } of gone) {
        calls.forgetSession(cdpSessionId);
        for (const id of unanswered.keys()) {
          ids.add(id);
          channel.unanswered(id);
        }
      }
      expectLate(ids);
    },
    takeError(error) {
      const { id, code, bytes } = error;
      if (id === undefined) return lastSender?.deliver(bytes);
      if (code === UNKNOWN_SESSION && [...late].some((ids) => ids.has(id))) return;
      const session = sessionWaitingFor(error);
      session?.unanswered.delete(id);
      session?.channel.deliver(bytes);
    },
  };
}
