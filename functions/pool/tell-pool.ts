import type { Keep } from '../../core/domain/decide-keep.ts';
import type { WarmContainer } from '../../core/domain/warm-container.ts';
import { type DemandMinute, minuteOf } from '../../core/domain/warm-demand.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';

interface PoolTold {
  readonly now: Date;
  readonly slots: readonly WarmContainer[];
  readonly demand: readonly DemandMinute[];
  readonly wanted: number;
  readonly keep: Keep;
  readonly isSchedule: boolean;
}

const MINUTE_MS = 60_000;

/** How the pool is, as metrics are made of it (terraform/modules/observability/metrics.tf). */
export function tellPool(logger: Logger, { now, slots, demand, wanted, keep, isSchedule }: PoolTold): void {
  const available = slots.filter(({ status }) => status === 'AVAILABLE').length;
  // Wanted, and not there: a create now is a cold one.
  const isEmpty = wanted > 0 && available === 0;
  logEvent(logger, 'pool.kept', {
    outcome: isEmpty ? 'empty' : 'ok',
    available,
    starting: slots.length - available,
    wanted,
    empty: isEmpty ? 1 : 0,
    started: keep.start.length,
    ended: keep.end.length,
  });
  // Once a minute, of the minute before: by then all of its creates have been counted.
  if (isSchedule) tellDemand(logger, demand, new Date(now.getTime() - MINUTE_MS));
}

function tellDemand(logger: Logger, demand: readonly DemandMinute[], at: Date): void {
  const { creates = 0, cold = 0 } = demand.find(({ slot }) => slot === minuteOf(at)) ?? {};
  logEvent(logger, 'pool.demand', { outcome: 'ok', creates, claimed: creates - cold, cold });
}
