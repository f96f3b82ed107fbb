import { METRICS, type MetricUnit } from '../core/domain/metrics.ts';
import { prometheusNameOf } from '../core/domain/prometheus-name.ts';
import { createMetrics } from '../core/server/metrics.ts';

export interface Load {
  /** Connections with a good token. */
  readonly open: number;
  /** Of these, those that wait for a session that is not ready. */
  readonly waiting: number;
}

const counterNameOf = (name: string, unit: MetricUnit) => prometheusNameOf(name, { kind: 'counter', unit });
const ANSWERS = counterNameOf('RouterAnswers', 'Count');
const BYTES = counterNameOf('RouterBytes', 'Bytes');
const OPEN = prometheusNameOf('RouterOpenConnections', METRICS.RouterOpenConnections);
const WAITING = prometheusNameOf('RouterWaitingConnections', METRICS.RouterWaitingConnections);
const RESIDENT = prometheusNameOf('RouterResident', { kind: 'gauge', unit: 'Bytes' });

/** Counters of one router: what it also says in its log has the name that it has there. */
export function createRouterMetrics(load: () => Load) {
  const metrics = createMetrics([ANSWERS]);
  const bytes = {
    toClient: metrics.counter(BYTES, { direction: 'toClient' }),
    toBrowser: metrics.counter(BYTES, { direction: 'toBrowser' }),
  };
  metrics.gauge(OPEN, () => load().open);
  metrics.gauge(WAITING, () => load().waiting);
  metrics.gauge(RESIDENT, () => process.memoryUsage.rss());

  return {
    /** An upgrade that was joined counts as 101, whatever the session's proxy then answered. */
    countAnswer(kind: 'upgrade' | 'request', status: number): void {
      metrics.counter(ANSWERS, { kind, status }).add();
    },
    countBytes({ bytesToClient, bytesToBrowser }: { bytesToClient: number; bytesToBrowser: number }): void {
      bytes.toClient.add(bytesToClient);
      bytes.toBrowser.add(bytesToBrowser);
    },
    render: metrics.render,
  };
}

export type RouterMetrics = ReturnType<typeof createRouterMetrics>;
