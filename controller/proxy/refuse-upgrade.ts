import type { Socket } from 'node:net';
import type { Logger } from '../../core/log/logger.ts';
import { type Refusal, refuseOnSocket } from '../../core/server/refusal.ts';
import type { ProxyMetrics } from './metrics.ts';

export type RefuseUpgrade = (socket: Socket, refusal: Refusal) => void;

/** Answers a handshake that leads to no socket, counts it and logs it. */
export function createRefuseUpgrade({
  metrics,
  logger,
}: {
  readonly metrics: Pick<ProxyMetrics, 'countUpgrade'>;
  readonly logger: Logger;
}): RefuseUpgrade {
  return (socket, refusal) => {
    metrics.countUpgrade(refusal.status);
    logger.info('an upgrade was refused', { status: refusal.status });
    refuseOnSocket(socket, refusal);
  };
}
