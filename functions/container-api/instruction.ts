import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import { type ContainerRef, isContainerOf } from '../../core/domain/container-ref.ts';
import { AppError } from '../../core/domain/errors.ts';
import { isTerminal, type Session } from '../../core/domain/session.ts';

/** What a container gets with every answer of the container API. TERMINATING means: end now, for this reason. */
export interface Instruction {
  readonly status: Session['status'];
  readonly endReason: Session['endReason'] | null;
  readonly expiresAt: string;
}

/**
 * The instruction after an update. A session that is gone or has ended has no more use for its container, and one that
 * has another container has none for this one.
 */
export function instructionAfter(container: ContainerRef, { item }: UpdateOutcome<Session>): Instruction {
  if (item === undefined) throw new AppError('SESSION_NOT_FOUND', [container.sessionId]);
  requireOwn(item, container);
  return { status: item.status, endReason: item.endReason ?? null, expiresAt: item.expiresAt };
}

/** Throws what ends a container when the session is over, or another container's: it hears the same, and ends itself. */
export function requireOwn(session: Session, container: ContainerRef): void {
  if (isTerminal(session.status) || !isContainerOf(session, container)) throw sessionHasEnded(session);
}

/** A container of a session that is over learns why, so that its clients can hear it. */
export const sessionHasEnded = ({ sessionId, endReason }: Session): AppError =>
  new AppError('SESSION_HAS_ENDED', [sessionId], { facts: { endReason: endReason ?? null } });
