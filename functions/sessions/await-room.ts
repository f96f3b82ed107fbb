import { TaskNotPlacedError } from '../../core/aws/browsers/run-browser-task.ts';
import type { CapacityState } from '../../core/aws/pool/capacity-queue.ts';
import { afterRefusal, afterRoom, type Breaker, isOpen, mayAsk } from '../../core/domain/capacity-breaker.ts';
import { type Clock, pause } from '../../core/domain/clock.ts';
import { orderOfWaiters, type Turn, type Waiter } from '../../core/domain/fair-queue.ts';
import { lineIdsOf } from '../../core/domain/log-events.ts';
import type { Session } from '../../core/domain/session.ts';
import { CAPACITY } from '../../core/domain/timing.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';

/** What creates that wait for room tell each other. */
export interface CapacityQueue {
  readonly getBreaker: () => Promise<Breaker | undefined>;
  readonly read: () => Promise<CapacityState>;
  readonly putBreaker: (breaker: Breaker, at: Date) => Promise<void>;
  readonly putWaiter: (waiter: Waiter, at: Date) => Promise<void>;
  readonly removeWaiter: (sessionId: string) => Promise<void>;
  readonly putTurn: (turn: Turn, at: Date) => Promise<void>;
}

export interface AwaitRoomDeps {
  readonly capacity: CapacityQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface RoomWanted {
  readonly session: Pick<Session, 'sessionId' | 'projectId' | 'requestId'>;
  /** In ms since 1970. */
  readonly untilMs: number;
  /** Whether there is still somebody to wait for. */
  readonly isWanted: () => Promise<boolean>;
  /** Throws a TaskNotPlacedError when there is no room. */
  readonly start: () => Promise<string>;
}

/**
 * Starts a container, as soon as there is room for it: at once as a rule; in turn with other creates, where there was none
 * just now. Throws the last TaskNotPlacedError when there is none for too long, and undefined comes back when nobody wants it
 * any more.
 */
export async function awaitRoom(deps: AwaitRoomDeps, wanted: RoomWanted): Promise<string | undefined> {
  const { capacity } = deps;
  let refusal = new TaskNotPlacedError('other creates wait as well');
  if (!isOpen(await unlessBroken(deps, capacity.getBreaker()), nowOf(deps))) {
    const outcome = await ask(deps, wanted, undefined);
    if (typeof outcome === 'string') return outcome;
    refusal = outcome;
  }
  return waitInTurn(deps, wanted, refusal);
}

async function waitInTurn(
  deps: AwaitRoomDeps,
  wanted: RoomWanted,
  firstRefusal: TaskNotPlacedError,
): Promise<string | undefined> {
  const { capacity, clock, logger } = deps;
  const { sessionId, projectId } = wanted.session;
  const joinedAt = nowOf(deps).toISOString();
  let refusal = firstRefusal;
  try {
    while (clock.now() < wanted.untilMs) {
      const at = nowOf(deps);
      const aliveUntil = new Date(at.getTime() + CAPACITY.aliveMs).toISOString();
      await unlessBroken(deps, capacity.putWaiter({ sessionId, projectId, joinedAt, aliveUntil }, at));
      if (!(await wanted.isWanted())) return undefined;
      const outcome = await askInTurn(deps, wanted);
      if (typeof outcome === 'string') {
        logRoom(deps, wanted, { outcome: 'room', joinedAt });
        return outcome;
      }
      refusal = outcome ?? refusal;
      await pause(clock, CAPACITY.lookEveryMs);
    }
    logRoom(deps, wanted, { outcome: 'no_room', joinedAt });
    throw refusal;
  } finally {
    await capacity
      .removeWaiter(sessionId)
      .catch((error: unknown) => logger.warn('a waiter leaves by its time', { sessionId, error }));
  }
}

function logRoom(
  { logger, clock }: AwaitRoomDeps,
  { session }: RoomWanted,
  { outcome, joinedAt }: { readonly outcome: string; readonly joinedAt: string },
): void {
  const durationMs = clock.now() - Date.parse(joinedAt);
  logEvent(logger, 'session.room', { ...lineIdsOf(session), outcome, durationMs });
}

/** Undefined: it is not this create's turn. */
async function askInTurn(
  deps: AwaitRoomDeps,
  wanted: RoomWanted,
): Promise<string | TaskNotPlacedError | undefined> {
  const now = nowOf(deps);
  const state = await unlessBroken(deps, deps.capacity.read());
  if (state === undefined) return undefined;
  const { breaker, waiters, turns } = state;
  const { sessionId, projectId } = wanted.session;
  const order = orderOfWaiters(waiters, turns, now);
  const position = order.findIndex(({ waiter }) => waiter.sessionId === sessionId);
  const placed = order[position];
  // What it has written a moment ago is there, unless its clock and the others' are far apart.
  if (placed === undefined || !mayAsk(breaker, position, now)) return undefined;
  const outcome = await ask(deps, wanted, breaker ?? afterRefusal(undefined, now));
  const servedAt = nowOf(deps);
  const turn = { projectId, round: placed.round, servedAt: servedAt.toISOString() };
  if (typeof outcome === 'string') await unlessBroken(deps, deps.capacity.putTurn(turn, servedAt));
  return outcome;
}

/** `breaker`: as it was when this create's turn came; undefined: it was closed, and stays so if there is room. */
async function ask(
  deps: AwaitRoomDeps,
  { start, session: { sessionId, projectId } }: RoomWanted,
  breaker: Breaker | undefined,
): Promise<string | TaskNotPlacedError> {
  const { capacity, logger } = deps;
  const tell = (next: Breaker) => unlessBroken(deps, capacity.putBreaker(next, nowOf(deps)));
  try {
    const taskArn = await start();
    if (breaker !== undefined) await tell(afterRoom(breaker, nowOf(deps)));
    return taskArn;
  } catch (error) {
    if (!(error instanceof TaskNotPlacedError)) throw error;
    logger.warn('no room for a container', { sessionId, projectId, error });
    await tell(afterRefusal(breaker, nowOf(deps)));
    return error;
  }
}

/** What creates tell each other makes them fair, and fails none: least of all one whose container has just been started. */
const unlessBroken = <Answer>(
  { logger }: AwaitRoomDeps,
  call: Promise<Answer>,
): Promise<Answer | undefined> =>
  call.catch((error: unknown) => {
    logger.warn('creates that wait cannot hear of each other', { error });
    return undefined;
  });

const nowOf = ({ clock }: Pick<AwaitRoomDeps, 'clock'>): Date => new Date(clock.now());
