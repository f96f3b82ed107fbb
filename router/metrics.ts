/** Counters of one router, as Prometheus reads them. */
export function createMetrics() {
  const answers = new Map<string, number>();
  const bytes = { toClient: 0, toBrowser: 0 };
  return {
    /** An upgrade that was joined counts as 101, whatever the session's proxy then answered. */
    countAnswer(kind: 'upgrade' | 'request', status: number): void {
      const labels = `kind="${kind}",status="${status}"`;
      answers.set(labels, (answers.get(labels) ?? 0) + 1);
    },
    countBytes({ bytesToClient, bytesToBrowser }: { bytesToClient: number; bytesToBrowser: number }): void {
      bytes.toClient += bytesToClient;
      bytes.toBrowser += bytesToBrowser;
    },
    render({ open, waiting }: { open: number; waiting: number }): string {
      const lines = [
        '# TYPE wallcrawler_router_answers_total counter',
        ...[...answers].map(([labels, count]) => `wallcrawler_router_answers_total{${labels}} ${count}`),
        '# TYPE wallcrawler_router_bytes_total counter',
        ...Object.entries(bytes).map(
          ([direction, count]) => `wallcrawler_router_bytes_total{direction="${direction}"} ${count}`,
        ),
        '# TYPE wallcrawler_router_open_connections gauge',
        `wallcrawler_router_open_connections ${open}`,
        '# TYPE wallcrawler_router_waiting_connections gauge',
        `wallcrawler_router_waiting_connections ${waiting}`,
        '# TYPE wallcrawler_router_resident_bytes gauge',
        `wallcrawler_router_resident_bytes ${process.memoryUsage.rss()}`,
      ];
      return `${lines.join('\n')}\n`;
    },
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
