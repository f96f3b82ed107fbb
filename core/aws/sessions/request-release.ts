import type { EndReason } from '../../domain/end-reason.ts';
import { isTerminal, type Session } from '../../domain/session.ts';
import type { UpdateOutcome } from '../dynamodb/update-if.ts';

export interface RequestReleaseDeps {
  /** Steps into TERMINATING with this reason; not applied when the session is there already, or has ended. */
  readonly recordRelease: (sessionId: string, endReason: EndReason) => Promise<UpdateOutcome<Session>>;
  readonly stopTask: (taskArn: string, reason: string) => Promise<void>;
}

/**
 * Asks a session's container to end; it closes Chrome, saves the profile and reports the end. Asking again is no error,
 * and asks the container again. Returns the session as it is then.
 */
export async function requestRelease(
  { recordRelease, stopTask }: RequestReleaseDeps,
  found: Session,
): Promise<Session> {
  if (isTerminal(found.status)) return found;
  const { item: session = found } = await recordRelease(found.sessionId, 'released');
  // A session without a task is still being created; its create sees TERMINATING and stops what it started.
  if (session.taskArn !== undefined && !isTerminal(session.status))
    await stopTask(session.taskArn, 'released');
  return session;
}
