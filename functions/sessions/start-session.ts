import { TaskNotPlacedError } from '../../core/aws/browsers/run-browser-task.ts';
import { outageOf } from '../../core/aws/outage.ts';
import { isGivenUp } from '../../core/domain/create-attempt.ts';
import { END_REASONS } from '../../core/domain/end-reason.ts';
import { AppError } from '../../core/domain/errors.ts';
import { lineIdsOf } from '../../core/domain/log-events.ts';
import { CONNECTABLE_STATUSES, isConnectable, type Session } from '../../core/domain/session.ts';
import { type TaskSize, taskSizeOf } from '../../core/domain/task-size.ts';
import { CAPACITY } from '../../core/domain/timing.ts';
import { logEvent } from '../../core/log/log-event.ts';
import { NO_SPAN, type Span, within } from '../../core/tracing/tracing.ts';
import type { Admitted } from './admit-create.ts';
import { awaitRoom } from './await-room.ts';
import { type Claimed, claimWarm, type SealedAhead } from './claim-warm.ts';
import { type CreateSessionDeps, nowOf } from './create-session-deps.ts';
import { takeOver } from './find-earlier-create.ts';
import { type Waiting, whileWanted } from './give-up-session.ts';
import { recordClaimed } from './record-claimed.ts';
import type { Handover } from './seal-claim.ts';
import { isStarting, type Wait } from './wait-until-ready.ts';
import { noteDemand } from './warm-pool.ts';

/** What the container is to know: by its environment when it is started, by a claim when it is warm. */
export interface Assigned {
  readonly environment: Readonly<Record<string, string>>;
  readonly handover: Handover;
  readonly ahead?: SealedAhead | undefined;
  /** Of the create. */
  readonly span?: Span;
  /** Hears what it starts with. */
  readonly onStart?: (start: StartKind) => void;
}

export type StartKind = 'warm' | 'cold' | 'over';

/**
 * The session once it is READY. Its task is written down when it runs, with its address: until then this create knows it,
 * and once that has died the sweeper finds it by the session's id, under which it was started. On every other way out
 * the session has ended and its container has been asked to stop.
 */
export const startSession = (
  deps: CreateSessionDeps,
  waiting: Waiting,
  { session, warm }: Admitted,
  { environment, handover, ahead, span = NO_SPAN, onStart = () => undefined }: Assigned,
): Promise<Session> =>
  whileWanted(deps, waiting, session.sessionId, async () => {
    const { sessionId } = session;
    const size = taskSizeOf(session.taskSize, deps.taskSizes);
    let noted: Promise<void> | undefined;
    let { taskArn } = session;
    // Told that it is over, the answer is noted at once: the refusal of that write says how the session is, too.
    const look = async (isSignalled: boolean) =>
      isSignalled ? (await noteAnswer(deps, waiting, sessionId)).item : deps.getSession(sessionId);
    try {
      const claimed = await claimFor(deps, { session, warm }, { handover, ahead, span });
      const start = startOf(claimed);
      onStart(start);
      logStart(deps, session, waiting, start);
      // Not before the claim is on its way. A size of its own is nothing that the pool could have had.
      noted = size === undefined ? noteDemand(deps, warm === undefined) : undefined;
      if (claimed.kind === 'claimed') taskArn = claimed.session.taskArn;
      if (claimed.kind === 'cold')
        taskArn = await within(span, 'run_task', () =>
          startCold(deps, waiting, session, { environment, size }),
        );
      const answered = await recordIfReady(deps, waiting, claimed);
      if (answered !== undefined) return answered;
      const known = isToWait(claimed) && taskArn !== undefined ? { known: session } : {};
      return await within(span, 'await_ready', () =>
        readySession(deps, waiting, { sessionId, look, ...known }),
      );
    } catch (error) {
      await endUnready(deps, { sessionId, taskArn, error });
      throw asStartFailure(sessionId, error);
    } finally {
      await noted;
    }
  });

/** As soon as there is room for it. Undefined when nobody waits for the session any more. */
const startCold = (
  deps: CreateSessionDeps,
  { attempt }: Waiting,
  session: Session,
  {
    environment,
    size,
  }: { readonly environment: Assigned['environment']; readonly size: TaskSize | undefined },
): Promise<string | undefined> =>
  awaitRoom(deps, {
    session,
    untilMs: attempt.at.getTime() + deps.readyWaitMs - CAPACITY.startReserveMs,
    isWanted: async () => isStarting(await deps.getSession(session.sessionId)),
    start: () => deps.runTask(session.sessionId, environment, size),
  });

/** By the warm container that the session was admitted with. */
const claimFor = async (
  { warmPool, ...deps }: CreateSessionDeps,
  { session, warm }: Admitted,
  {
    span,
    ...sealed
  }: {
    readonly handover: Handover;
    readonly ahead: SealedAhead | undefined;
    readonly span: Span;
  },
): Promise<Claimed> =>
  warmPool === undefined || warm === undefined
    ? { kind: 'cold' }
    : within(span, 'claim', () => claimWarm({ ...deps, warmPool }, session, warm, sealed));

/** What it starts with: a container that waited, one of its own, or none, as it is over. */
const startOf = ({ kind }: Claimed): StartKind => (kind === 'claimed' ? 'warm' : kind);

function logStart(
  { logger, clock }: CreateSessionDeps,
  session: Session,
  { attempt }: Waiting,
  start: StartKind,
) {
  const durationMs = clock.now() - attempt.at.getTime();
  logEvent(logger, 'session.start', { ...lineIdsOf(session), outcome: start, durationMs });
}

/** Whether the container has yet to say that it is ready: until then the session is as it was. */
const isToWait = (claimed: Claimed): boolean =>
  claimed.kind === 'cold' || (claimed.kind === 'claimed' && claimed.answer.status === 'restoring');

/** Undefined when it has to be waited for: a cold one, one that restores its profile, or one that a retry has taken over. */
const recordIfReady = async (
  deps: CreateSessionDeps,
  waiting: Waiting,
  claimed: Claimed,
): Promise<Session | undefined> =>
  claimed.kind === 'claimed' && claimed.answer.status === 'ready'
    ? recordClaimed(deps, waiting, claimed.session)
    : undefined;

/**
 * The session of an earlier create once it is READY, which it may be already; undefined when that create ended it, as its
 * caller had gone.
 */
export const joinSession = (
  deps: CreateSessionDeps,
  waiting: Waiting,
  { sessionId }: Session,
): Promise<Session | undefined> =>
  whileWanted(deps, waiting, sessionId, async () => {
    const { attempt } = waiting;
    let seen: Session | undefined;
    // Two may wait for one session by its key or id: who stays takes it over when the other goes.
    const look = async () => {
      const session = await deps.getSession(sessionId);
      const isDue =
        session !== undefined && session.attemptId !== attempt.id && isGivenUp(session, deps.clock.now());
      seen = (isDue ? await takeOver(deps, attempt, session) : undefined) ?? session;
      return seen;
    };
    try {
      return await readySession(deps, waiting, { sessionId, look });
    } catch (error) {
      if (seen?.endReason === 'create_given_up' && seen.attemptId !== attempt.id) return undefined;
      // One that was ready has its container to end it, and to save its profile.
      if (seen?.startedAt === undefined) await endUnready(deps, { sessionId, taskArn: seen?.taskArn, error });
      throw asStartFailure(sessionId, error);
    }
  });

async function readySession(
  deps: CreateSessionDeps,
  waiting: Waiting,
  wait: Omit<Wait, 'timeoutMs'>,
): Promise<Session> {
  const { sessionId } = wait;
  const { attempt } = waiting;
  const timeoutMs = deps.readyWaitMs - (deps.clock.now() - attempt.at.getTime());
  const session = await deps.waitUntilReady({ ...wait, timeoutMs });
  if (session === undefined || !isConnectable(session.status))
    throw notReady(sessionId, session, deps.readyWaitMs);
  const isNoted = session.answeredAt !== undefined && session.attemptId === attempt.id;
  if (!isNoted) await noteAnswer(deps, waiting, sessionId);
  return session;
}

/** Before the answer leaves. Not when a retry has taken the session over: then it is the retry that answers. */
function noteAnswer(deps: CreateSessionDeps, { attempt }: Waiting, sessionId: string) {
  const at = nowOf(deps);
  const set = { answeredAt: at.toISOString() };
  return deps.step(sessionId, { set, attemptId: attempt.id, from: CONNECTABLE_STATUSES, at });
}

interface Unready {
  readonly sessionId: string;
  readonly taskArn: string | undefined;
  readonly error: unknown;
}

/**
 * Whatever went wrong, nothing stays behind: the slot is given back and the container stopped, each even when the other
 * fails. What fails is logged and left to the sweeper: the client is to hear why its session did not start.
 */
async function endUnready(deps: CreateSessionDeps, { sessionId, taskArn, error }: Unready): Promise<void> {
  const code = error instanceof AppError ? error.code : undefined;
  const detail = error instanceof AppError ? error.message : 'The container could not be started';
  if (code !== 'SESSION_NOT_RUNNING') deps.logger.error('session not started', { sessionId, error });
  const leaveToSweeper = (step: string) => (fault: unknown) =>
    deps.logger.error(`${step}; it is left to the sweeper`, { sessionId, error: fault });
  const ended = await deps
    .end(sessionId, code === 'START_TIMED_OUT' ? 'start_timed_out' : 'start_failed', detail)
    .catch(leaveToSweeper('session not ended'));
  // A warm session may have gone on to another container than the one that is known here.
  const lastTaskArn = ended?.taskArn ?? taskArn;
  if (lastTaskArn !== undefined)
    await deps.stopTask(lastTaskArn, detail).catch(leaveToSweeper('container not stopped'));
}

// The SDK repeats a POST on any 5xx. Here a browser was started, and a repeat would start a second one.
export const DO_NOT_RETRY = { headers: { 'x-should-retry': 'false' } };

function notReady(sessionId: string, session: Session | undefined, waitedMs: number): AppError {
  if (session?.endReason === undefined) {
    return new AppError('START_TIMED_OUT', [sessionId, Math.round(waitedMs / 1000)], DO_NOT_RETRY);
  }
  const { text } = END_REASONS[session.endReason];
  // No failure of ours, and nobody is there to hear of it.
  if (session.endReason === 'create_given_up')
    return new AppError('SESSION_NOT_RUNNING', [sessionId, 'given up by its caller']);
  const why = session.endDetail === undefined ? text : `${text}: ${session.endDetail}`;
  return new AppError('START_FAILED', [sessionId, why], DO_NOT_RETRY);
}

const RETRY_AFTER = { 'retry-after': String(CAPACITY.retryAfterSeconds) };

function asStartFailure(sessionId: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof TaskNotPlacedError)
    return new AppError('CAPACITY', [sessionId, error.message], { cause: error, headers: RETRY_AFTER });
  const outage = outageOf(error);
  const why =
    outage === undefined ? 'the platform failed' : `AWS throttles, fails or does not answer (${outage})`;
  return new AppError('START_FAILED', [sessionId, why], { ...DO_NOT_RETRY, cause: error });
}
