import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import { AppError } from '../../core/domain/errors.ts';
import { isTerminal, type Session } from '../../core/domain/session.ts';

/** What a container gets with every answer of the container API. TERMINATING means: end now, for this reason. */
export interface Instruction {
  readonly status: Session['status'];
  readonly endReason: Session['endReason'] | null;
  readonly expiresAt: string;
}

/** The instruction after an update; a session that is gone or has ended has no more use for its container. */
export function instructionAfter(sessionId: string, { item }: UpdateOutcome<Session>): Instruction {
  if (item === undefined) throw new AppError('SESSION_NOT_FOUND', [sessionId]);
  if (isTerminal(item.status)) throw sessionHasEnded(item);
  return { status: item.status, endReason: item.endReason ?? null, expiresAt: item.expiresAt };
}

/** A container of a session that is over learns why, so that its clients can hear it. */
export const sessionHasEnded = ({ sessionId, endReason }: Session): AppError =>
  new AppError('SESSION_HAS_ENDED', [sessionId], { facts: { endReason: endReason ?? null } });
