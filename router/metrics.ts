import { createMetrics } from '../core/server/metrics.ts';

export interface Load {
  /** Connections with a good token. */
  readonly open: number;
  /** Of these, those that wait for a session that is not ready. */
  readonly waiting: number;
}

/** Counters of one router. */
export function createRouterMetrics(load: () => Load) {
  const metrics = createMetrics(['wallcrawler_router_answers_total']);
  const bytes = {
    toClient: metrics.counter('wallcrawler_router_bytes_total', { direction: 'toClient' }),
    toBrowser: metrics.counter('wallcrawler_router_bytes_total', { direction: 'toBrowser' }),
  };
  metrics.gauge('wallcrawler_router_open_connections', () => load().open);
  metrics.gauge('wallcrawler_router_waiting_connections', () => load().waiting);
  metrics.gauge('wallcrawler_router_resident_bytes', () => process.memoryUsage.rss());

  return {
    /** An upgrade that was joined counts as 101, whatever the session's proxy then answered. */
    countAnswer(kind: 'upgrade' | 'request', status: number): void {
      metrics.counter('wallcrawler_router_answers_total', { kind, status }).add();
    },
    countBytes({ bytesToClient, bytesToBrowser }: { bytesToClient: number; bytesToBrowser: number }): void {
      bytes.toClient.add(bytesToClient);
      bytes.toBrowser.add(bytesToBrowser);
    },
    render: metrics.render,
  };
}

export type RouterMetrics = ReturnType<typeof createRouterMetrics>;
