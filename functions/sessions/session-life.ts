import { AppError } from '../../core/domain/errors.ts';
import { type Address, isConnectable, type Session, toPublicStatus } from '../../core/domain/session.ts';

/** Where the session's browser is reached. Throws a 410 for a session that nobody can connect to. */
export function requireAddress({ address, status, sessionId }: Session): Address {
  if (!isConnectable(status) || address === undefined)
    throw new AppError('SESSION_NOT_RUNNING', [sessionId, toPublicStatus(status)]);
  return address;
}

/** After `expiresInSeconds`, and never later than the session itself ends. */
export function expiryOf(session: Session, expiresInSeconds: number | undefined, now: Date): Date {
  const deadline = new Date(session.expiresAt);
  if (expiresInSeconds === undefined) return deadline;
  return new Date(Math.min(deadline.getTime(), now.getTime() + expiresInSeconds * 1000));
}
