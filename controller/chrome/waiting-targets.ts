import type { HostedChannel } from './channel.ts';
import type { PendingCalls } from './pending-calls.ts';
import type { SessionOwners } from './session-owners.ts';

const RESUME = 'Runtime.runIfWaitingForDebugger';

export const isResume = (method: string | undefined): boolean => method === RESUME;

/** Lets a target go on that waits for its debugger, in that debugger's own session of CDP. */
export const resumeTarget = (calls: Pick<PendingCalls, 'request'>, cdpSessionId: string): void => {
  // One that has gone meanwhile needs no more; and nobody waits for the answer.
  calls.request({ method: RESUME, cdpSessionId }, () => undefined);
};

export interface WaitingTargets {
  /** Whether a target waits at its start for this client (`waitForDebuggerOnStart`). */
  has(channel: HostedChannel): boolean;
  /** Does for the client what it does not do itself. */
  resume(channel: HostedChannel): void;
}

export function createWaitingTargets(
  owners: Pick<SessionOwners, 'all'>,
  calls: Pick<PendingCalls, 'request'>,
): WaitingTargets {
  const waitingFor = (channel: HostedChannel) =>
    [...owners.all()].filter((session) => session.isWaiting && session.channel === channel);
  return {
    has: (channel) => waitingFor(channel).length > 0,
    resume(channel) {
      for (const session of waitingFor(channel)) {
        session.isWaiting = false;
        resumeTarget(calls, session.cdpSessionId);
      }
    },
  };
}
