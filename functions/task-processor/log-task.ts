import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import { lineIdsOf } from '../../core/domain/log-events.ts';
import type { Session } from '../../core/domain/session.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { TaskStateChange } from './task-event.ts';

interface Deps {
  readonly logger: Logger;
  readonly now: () => Date;
}

/** A task that belongs to no session, as one of another program in the cluster, has a line by its `startedBy` alone. */
const aboutOf = (session: Session | undefined, startedBy: string | undefined, now: Date) =>
  session === undefined
    ? { sessionId: startedBy }
    : { ...lineIdsOf(session), durationMs: now.getTime() - Date.parse(session.createdAt) };

export function logTaskRuns(
  { logger, now }: Deps,
  { applied, item }: UpdateOutcome<Session>,
  { taskArn, startedBy }: Pick<TaskStateChange['detail'], 'taskArn' | 'startedBy'>,
): void {
  const outcome = applied ? 'noted' : 'too_late';
  logEvent(logger, 'task.running', { ...aboutOf(item, startedBy, now()), taskArn, outcome });
}

/** The session as it is by then: whoever has ended it. */
export function logTaskStopped(
  { logger, now }: Deps,
  session: Session | undefined,
  { taskArn, startedBy }: Pick<TaskStateChange['detail'], 'taskArn' | 'startedBy'>,
): void {
  logEvent(logger, 'task.stopped', {
    ...aboutOf(session, startedBy, now()),
    taskArn,
    warmId: session?.warmId,
    outcome: session?.status.toLowerCase() ?? 'unknown',
    reason: session?.endReason,
  });
}
