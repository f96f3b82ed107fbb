import { type Clock, pause } from '../../core/domain/clock.ts';
import { CONTAINER_STOP } from '../../core/domain/timing.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { Host } from '../assignment/host.ts';
import type { ContainerApi, PlatformView } from '../container-api/container-api.ts';
import type { SessionEnd } from './end-decision.ts';

export interface StopDeps {
  readonly api: Pick<ContainerApi, 'reportHeartbeat'>;
  readonly end: Pick<SessionEnd, 'decide'>;
  readonly host: Pick<Host, 'isReclaimable'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly countClients: () => number;
}

export interface Stop {
  /** The platform stops the container: ask it why, quickly, and end. The second call kills. */
  request(): void;
  /** Aborts at the second call. */
  readonly killNow: AbortSignal;
}

export function createStop(deps: StopDeps): Stop {
  const { end } = deps;
  const killing = new AbortController();
  let isRequested = false;
  return {
    killNow: killing.signal,
    request() {
      if (isRequested) {
        killing.abort();
        end.decide('platform_stopping');
      } else void findReason(deps, killing.signal).then((reason) => end.decide(reason));
      isRequested = true;
    },
  };
}

/**
 * Why we are stopped, as far as the platform knows. AWS says that it takes a Spot container back to the container and to
 * the platform at the same time, and ours is the shorter way: there it is asked again, for as long as that takes.
 */
async function findReason({ host, clock, ...deps }: StopDeps, killNow: AbortSignal) {
  const untilMs = clock.now() + CONTAINER_STOP.reclaimNoticeMs;
  for (;;) {
    const view = await askWhy(deps);
    if (view?.endReason) return view.endReason;
    if (!host.isReclaimable || killNow.aborted || clock.now() >= untilMs) return 'platform_stopping';
    await pause(clock, CONTAINER_STOP.askAgainMs);
  }
}

async function askWhy({
  api,
  logger,
  countClients,
}: Omit<StopDeps, 'host' | 'clock'>): Promise<PlatformView | null> {
  const options = {
    timeoutMs: CONTAINER_STOP.askWhyMs,
    signal: AbortSignal.timeout(CONTAINER_STOP.askWhyMs),
    backoff: [],
  };
  return api.reportHeartbeat(countClients(), options).catch((error: unknown) => {
    logger.warn('the reason of the stop is not known', { error });
    return null;
  });
}
