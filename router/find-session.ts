import type { SessionRoute } from '../core/aws/sessions/get-session-route.ts';
import type { Clock } from '../core/domain/clock.ts';
import { END_REASONS } from '../core/domain/end-reason.ts';
import { isOwnedBy } from '../core/domain/ownership.ts';
import { type Address, isConnectable, isTerminal } from '../core/domain/session.ts';
import { createWaitingList, type WaitingLimits } from './await-session.ts';
import { hasEnded, REFUSALS, RefusedError } from './refusals.ts';

export interface SessionFinderDeps {
  readonly getRoute: (sessionId: string) => Promise<SessionRoute | undefined>;
  readonly clock: Clock;
  readonly readyWaitMs: number;
  readonly maxWaiting: number;
  readonly limits: WaitingLimits;
}

/** Whom a verified token is for. */
export interface SessionRef {
  readonly sessionId: string;
  readonly projectId: string;
}

/** Where a session's container is, and what asked for the session. */
export type Place = Address & Pick<SessionRoute, 'requestId' | 'traceparent'>;

export interface SessionFinder {
  /** Waits for a session that is not ready. Throws a RefusedError, or the reason of `signal`, which ends the waiting. */
  find(session: SessionRef, signal: AbortSignal): Promise<Place>;
  /** Whether the session has ended, or there is none. */
  isOver(session: SessionRef): Promise<boolean>;
  waitingCount(): number;
}

/** Finds the address of a session's container. A session that is still starting is waited for. */
export function createSessionFinder({ getRoute, ...waiting }: SessionFinderDeps): SessionFinder {
  const look = async ({ sessionId, projectId }: SessionRef): Promise<Place | undefined> => {
    const route = await getRoute(sessionId);
    if (!isOwnedBy([projectId], route)) throw new RefusedError(REFUSALS.unknownSession);
    return placeIn(route);
  };
  const waitingList = createWaitingList({ look, ...waiting });

  return {
    async find(session, signal) {
      const address = await look(session);
      signal.throwIfAborted();
      return address ?? waitingList.join(session, signal);
    },
    async isOver(session) {
      try {
        await look(session);
        return false;
      } catch (error) {
        if (error instanceof RefusedError) return true;
        throw error;
      }
    },
    waitingCount: waitingList.count,
  };
}

/** Undefined as long as the session is starting. Throws a RefusedError when it is over. */
function placeIn({ status, address, endReason, requestId, traceparent }: SessionRoute): Place | undefined {
  if (isTerminal(status) || status === 'TERMINATING') {
    throw new RefusedError(hasEnded(endReason === undefined ? undefined : END_REASONS[endReason].text));
  }
  if (!isConnectable(status) || address === undefined) return undefined;
  return {
    ...address,
    ...(requestId === undefined ? {} : { requestId }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
