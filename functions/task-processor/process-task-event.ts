import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { Address, Session } from '../../core/domain/session.ts';
import { slotOfWarmId } from '../../core/domain/warm-container.ts';
import { logTaskRuns, logTaskStopped } from './log-task.ts';
import {
  onWarmReclaimed,
  onWarmRunning,
  onWarmStopped,
  type ProcessWarmEventDeps,
} from './process-warm-event.ts';
import { describeStop, endReasonOf, isSpotReclaim, type TaskStateChange } from './task-event.ts';

export interface ProcessTaskEventDeps extends ProcessWarmEventDeps {
  /** Where clients, or the router, reach the task's proxy; undefined when the event does not say. */
  readonly locate: (event: TaskStateChange) => Promise<Address | undefined>;
  readonly recordAddress: (
    sessionId: string,
    facts: { readonly address: Address; readonly taskArn: string },
  ) => Promise<UpdateOutcome<Session>>;
}

/**
 * RUNNING brings the address, or the notice that the task is taken back: its container has been told to stop by then, and
 * asks why. STOPPED finalises the session, whatever happened. A task of the warm pool brings them to its slot, until it was
 * claimed. A failure is thrown and delivered again.
 */
export const processTaskEvent =
  (deps: ProcessTaskEventDeps) =>
  async (event: TaskStateChange): Promise<void> => {
    const { startedBy, lastStatus } = event.detail;
    if (startedBy === undefined) return;
    if (lastStatus === 'RUNNING' && isSpotReclaim(event)) await onReclaimed(deps, startedBy, event);
    else if (lastStatus === 'RUNNING') await onRunning(deps, startedBy, event);
    if (lastStatus === 'STOPPED') await onStopped(deps, startedBy, event);
  };

async function onReclaimed(
  deps: ProcessTaskEventDeps,
  startedBy: string,
  event: TaskStateChange,
): Promise<void> {
  if (slotOfWarmId(startedBy) !== undefined) return onWarmReclaimed(deps, startedBy, event);
  const { applied } = await deps.recordEnding(startedBy, 'spot_reclaimed');
  deps.logger.warn('task is taken back', { sessionId: startedBy, taskArn: event.detail.taskArn, applied });
}

async function onRunning(
  deps: ProcessTaskEventDeps,
  startedBy: string,
  event: TaskStateChange,
): Promise<void> {
  const { taskArn } = event.detail;
  const address = await deps.locate(event);
  if (address === undefined) throw new Error(`Task ${taskArn} runs without an address`);
  if (slotOfWarmId(startedBy) !== undefined) return onWarmRunning(deps, startedBy, { address, taskArn });
  logTaskRuns(deps, await deps.recordAddress(startedBy, { address, taskArn }), event.detail);
}

async function onStopped(
  deps: ProcessTaskEventDeps,
  startedBy: string,
  event: TaskStateChange,
): Promise<void> {
  if (slotOfWarmId(startedBy) !== undefined) return onWarmStopped(deps, startedBy, event);
  const session = await deps.end(startedBy, { reason: endReasonOf(event), detail: describeStop(event) });
  logTaskStopped(deps, session, event.detail);
}
