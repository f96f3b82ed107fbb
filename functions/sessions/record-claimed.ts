import type { Session, SessionStatus } from '../../core/domain/session.ts';
import { type CreateSessionDeps, nowOf } from './create-session-deps.ts';
import type { Waiting } from './give-up-session.ts';

const WAITING: readonly SessionStatus[] = ['STARTING'];

/**
 * A claimed container is ready: so is its session, and its create answers, in one write. Undefined when that was not so
 * simple, as when a retry has taken the session over: it is READY then, for the retry to answer, or whatever it has become.
 */
export async function recordClaimed(
  deps: CreateSessionDeps,
  { attempt }: Waiting,
  { sessionId, warmId }: Session,
): Promise<Session | undefined> {
  const at = nowOf(deps);
  const time = at.toISOString();
  const set = { startedAt: time, containerReadyAt: time, lastHeartbeatAt: time };
  const step = { to: 'READY', from: WAITING, container: { warmId }, at } as const;
  const answered = await deps.step(sessionId, {
    ...step,
    set: { ...set, answeredAt: time },
    attemptId: attempt.id,
  });
  if (answered.applied) return answered.item;
  if (answered.item?.attemptId !== attempt.id) await deps.step(sessionId, { ...step, set });
  return undefined;
}
