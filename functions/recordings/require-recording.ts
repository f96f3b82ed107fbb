import { AppError } from '../../core/domain/errors.ts';
import type { Session } from '../../core/domain/session.ts';

const DAY_MS = 86_400_000;

/** Of a session that was never to be filmed, or whose film is deleted by now, there is nothing to look for. */
export function requireRecorded(
  { sessionId, recordSession, endedAt }: Session,
  keptDays: number,
  nowMs: number,
): void {
  if (recordSession === false) throw new AppError('NOT_RECORDED', [sessionId]);
  if (endedAt !== undefined && Date.parse(endedAt) + keptDays * DAY_MS < nowMs)
    throw new AppError('RECORDING_EXPIRED', [sessionId, keptDays]);
}
