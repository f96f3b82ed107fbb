import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import type { Address, Session } from '../../core/domain/session.ts';
import type { Logger } from '../../core/log/logger.ts';
import { describeStop, isSpotReclaim, type TaskStateChange } from './task-event.ts';

export interface ProcessTaskEventDeps {
  readonly logger: Logger;
  /** Where clients, or the router, reach the task's proxy; undefined when the event does not say. */
  readonly locate: (event: TaskStateChange) => Promise<Address | undefined>;
  readonly recordAddress: (
    sessionId: string,
    facts: { readonly address: Address; readonly taskArn: string },
  ) => Promise<UpdateOutcome<Session>>;
  /** Notes that the session is ending, for this reason, unless it has ended, or has a reason to end, already. */
  readonly recordEnding: (sessionId: string, reason: EndReason) => Promise<UpdateOutcome<Session>>;
  /** Ends the session for this reason unless it has ended, or has a reason to end, already. */
  readonly end: (sessionId: string, reason: EndReason, detail: string) => Promise<Session | undefined>;
}

/**
 * RUNNING brings the address, or the notice that the task is taken back: its container has been told to stop by then, and
 * asks why. STOPPED finalises the session, whatever happened. A failure is thrown and delivered again.
 */
export const processTaskEvent =
  ({ logger, locate, recordAddress, recordEnding, end }: ProcessTaskEventDeps) =>
  async (event: TaskStateChange): Promise<void> => {
    const { startedBy: sessionId, lastStatus, taskArn } = event.detail;
    if (sessionId === undefined) return;
    const isReclaim = isSpotReclaim(event);
    if (lastStatus === 'RUNNING' && isReclaim) {
      const { applied } = await recordEnding(sessionId, 'spot_reclaimed');
      logger.warn('task is taken back', { sessionId, taskArn, applied });
    } else if (lastStatus === 'RUNNING') {
      const address = await locate(event);
      if (address === undefined) throw new Error(`Task ${taskArn} runs without an address`);
      const { applied } = await recordAddress(sessionId, { address, taskArn });
      logger.info('task runs', { sessionId, taskArn, applied });
    }
    if (lastStatus === 'STOPPED') {
      const reason = isReclaim ? 'spot_reclaimed' : 'container_lost';
      const session = await end(sessionId, reason, describeStop(event));
      logger.info('task stopped', {
        sessionId,
        taskArn,
        status: session?.status,
        endReason: session?.endReason,
      });
    }
  };
