import { CONTAINER_STOP } from '../../core/domain/timing.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { ContainerApi } from '../container-api/container-api.ts';
import type { SessionEnd } from './end-decision.ts';

export interface StopDeps {
  readonly api: Pick<ContainerApi, 'reportHeartbeat'>;
  readonly end: Pick<SessionEnd, 'decide'>;
  readonly logger: Logger;
  readonly countClients: () => number;
}

export interface Stop {
  /** The platform stops the container: ask it why, quickly, and end. The second call kills. */
  request(): void;
  /** Aborts at the second call. */
  readonly killNow: AbortSignal;
}

export function createStop({ api, end, logger, countClients }: StopDeps): Stop {
  const killing = new AbortController();
  let isRequested = false;

  async function askWhy(): Promise<void> {
    const options = {
      timeoutMs: CONTAINER_STOP.askWhyMs,
      signal: AbortSignal.timeout(CONTAINER_STOP.askWhyMs),
      backoff: [],
    };
    const view = await api.reportHeartbeat(countClients(), options).catch((error: unknown) => {
      logger.warn('the reason of the stop is not known', { error });
      return null;
    });
    end.decide(view?.endReason ?? 'platform_stopping');
  }

  return {
    killNow: killing.signal,
    request() {
      if (isRequested) {
        killing.abort();
        end.decide('platform_stopping');
      } else void askWhy();
      isRequested = true;
    },
  };
}
