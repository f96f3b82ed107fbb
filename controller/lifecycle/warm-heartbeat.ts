import type { Clock } from '../../core/domain/clock.ts';
import { WARM } from '../../core/domain/timing.ts';
import type { Logger } from '../../core/log/logger.ts';
import { CallRefusedError } from '../container-api/container-api.ts';
import type { WarmApi, WarmReport } from '../container-api/warm-api.ts';
import { createHeartbeat } from './heartbeat.ts';

export interface WarmHeartbeatDeps {
  readonly api: WarmApi;
  readonly clock: Clock;
  readonly logger: Logger;
}

const STILL_WANTED = { isOver: false, endReason: null, expiresAtMs: Number.NaN };

/**
 * Says again and again that the container can be claimed, until `signal`. Whoever started it may be gone without a word:
 * then nobody answers, or nobody wants it, and `onUnwanted` is called.
 */
export function startWarmHeartbeat(
  { api, clock, logger }: WarmHeartbeatDeps,
  report: WarmReport,
  { signal, onUnwanted }: { readonly signal: AbortSignal; readonly onUnwanted: (why: string) => void },
): void {
  if (signal.aborted) return;
  const reportHeartbeat = async (_clients: number, options: Parameters<WarmApi['reportReady']>[1]) => {
    try {
      await api.reportReady(report, options);
    } catch (error) {
      if (!(error instanceof CallRefusedError)) throw error;
      onUnwanted(error.message);
    }
    return STILL_WANTED;
  };
  const heartbeat = createHeartbeat(
    { api: { reportHeartbeat }, clock, logger, countClients: () => 0 },
    { intervalMs: WARM.beatMs },
    {
      onView: () => undefined,
      onSilence: (silentMs) => onUnwanted(`The platform did not answer for ${Math.round(silentMs / 1000)} s`),
    },
  );
  signal.addEventListener('abort', () => heartbeat.stop(), { once: true });
  heartbeat.start();
}
