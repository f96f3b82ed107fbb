import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { Address, Session } from '../../core/domain/session.ts';
import type { Logger } from '../../core/log/logger.ts';
import { describeStop, type TaskStateChange } from './task-event.ts';

export interface ProcessTaskEventDeps {
  readonly logger: Logger;
  /** Where clients, or the router, reach the task's proxy; undefined when the event does not say. */
  readonly locate: (event: TaskStateChange) => Promise<Address | undefined>;
  readonly recordAddress: (
    sessionId: string,
    facts: { readonly address: Address; readonly taskArn: string },
  ) => Promise<UpdateOutcome<Session>>;
  /** Ends the session as container_lost unless it has ended, or has a reason to end, already. */
  readonly end: (sessionId: string, detail: string) => Promise<Session | undefined>;
}

/** RUNNING brings the address; STOPPED finalises the session, whatever happened. A failure is thrown and delivered again. */
export const processTaskEvent =
  ({ logger, locate, recordAddress, end }: ProcessTaskEventDeps) =>
  async (event: TaskStateChange): Promise<void> => {
    const { startedBy: sessionId, lastStatus, taskArn } = event.detail;
    if (sessionId === undefined) return;
    if (lastStatus === 'RUNNING') {
      const address = await locate(event);
      if (address === undefined) throw new Error(`Task ${taskArn} runs without an address`);
      const { applied } = await recordAddress(sessionId, { address, taskArn });
      logger.info('task runs', { sessionId, taskArn, applied });
    }
    if (lastStatus === 'STOPPED') {
      const session = await end(sessionId, describeStop(event));
      logger.info('task stopped', {
        sessionId,
        taskArn,
        status: session?.status,
        endReason: session?.endReason,
      });
    }
  };
