import type { IncomingHttpHeaders } from 'node:http';
import { type Clock, repeat } from '../core/domain/clock.ts';
import type { Logger } from '../core/log/logger.ts';

export interface DepartureDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether ECS wants this task to stop; without ECS there is nobody to ask. */
  readonly askWhetherStopping?: (() => Promise<boolean>) | undefined;
  /** Closes the sockets of all who are connected, with 1012. */
  readonly sendAway: () => void;
}

export interface DepartureTimes {
  /** How often it is looked. */
  readonly departureCheckMs: number;
  /** The load balancer checks every ten seconds: after so long without a check it has taken this router out. */
  readonly departureQuietMs: number;
  /** From being taken out to sending everybody away: before the load balancer cuts without a word. */
  readonly departureMs: number;
}

export interface Departure {
  /** The load balancer looked whether this router is well. */
  noteHealthCheck(): void;
  stop(): void;
}

/** What AWS's load balancers say they are. The container's own health check goes on to the end and says nothing. */
export const isLoadBalancerCheck = (headers: IncomingHttpHeaders): boolean =>
  headers['user-agent']?.startsWith('ELB-HealthChecker/') === true;

/**
 * Notices that the load balancer drains this router. ECS takes a task out of the target group first, waits for the whole
 * delay and only then sends SIGTERM; when the delay is over the load balancer cuts what is left, so that a router which
 * waited for SIGTERM would never say 1012.
 */
export function watchDeparture(deps: DepartureDeps, times: DepartureTimes): Departure {
  const { clock, logger, sendAway } = deps;
  let lastCheckMs: number | undefined;
  let stoppingSinceMs: number | undefined;
  let isLeaving = false;
  let isOver = false;

  const leavingSince = (): number | undefined => {
    const isQuiet = lastCheckMs !== undefined && clock.now() - lastCheckMs >= times.departureQuietMs;
    return stoppingSinceMs ?? (isQuiet ? lastCheckMs : undefined);
  };
  const ask = async (): Promise<void> => {
    if (stoppingSinceMs !== undefined) return;
    try {
      if (await deps.askWhetherStopping?.()) stoppingSinceMs = clock.now();
    } catch (error) {
      // The silence of the load balancer tells as well.
      logger.warn('the desired status of the task cannot be read', { error });
    }
  };
  const look = (): void => {
    void ask();
    const sinceMs = leavingSince();
    if ((sinceMs !== undefined) !== isLeaving) {
      isLeaving = sinceMs !== undefined;
      isOver = false;
      logger.info(isLeaving ? 'leaving: the load balancer has taken this router out' : 'staying after all');
    }
    if (sinceMs === undefined || isOver || clock.now() - sinceMs < times.departureMs) return;
    isOver = true;
    sendAway();
  };
  const stop = repeat(clock, times.departureCheckMs, look);
  return {
    noteHealthCheck() {
      lastCheckMs = clock.now();
    },
    stop,
  };
}
