import { lineIdsOf } from '../../core/domain/log-events.ts';
import { isTerminal, type Session } from '../../core/domain/session.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';

/** The one line of a step, when it has been told: its `durationMs` is how old the session was then. */
export function logStep(logger: Logger, before: Session | undefined, after: Session): void {
  const { status, createdAt, updatedAt, startedAt, warmId, endReason } = after;
  const isStart = startedAt !== undefined && before?.startedAt === undefined;
  logEvent(logger, 'session.step', {
    ...lineIdsOf(after),
    outcome: status.toLowerCase(),
    previousStatus: before?.status,
    ...(isStart ? { start: warmId === undefined ? 'cold' : 'warm' } : {}),
    ...(isTerminal(status) ? { reason: endReason } : {}),
    durationMs: Date.parse(updatedAt) - Date.parse(createdAt),
  });
}
