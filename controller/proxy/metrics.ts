/** Counters of one proxy, as Prometheus reads them. */
export function createMetrics() {
  const counters = new Map<string, number>();
  const count = (name: string, labels: string, by = 1) => {
    const key = `wallcrawler_proxy_${name}{${labels}}`;
    counters.set(key, (counters.get(key) ?? 0) + by);
  };
  // Two fixed pairs of keys: a message must not cost the making of a text.
  const traffic = { toChrome: { messages: 0, bytes: 0 }, toClient: { messages: 0, bytes: 0 } };
  return {
    countUpgrade: (status: number) => count('upgrades_total', `status="${status}"`),
    countMessage(direction: keyof typeof traffic, bytes: number) {
      traffic[direction].messages += 1;
      traffic[direction].bytes += bytes;
    },
    render(openSockets: Readonly<Record<string, number>>): string {
      const lines = [
        '# TYPE wallcrawler_proxy_upgrades_total counter',
        ...[...counters].map(([key, value]) => `${key} ${value}`),
        '# TYPE wallcrawler_proxy_messages_total counter',
        ...Object.entries(traffic).map(
          ([direction, { messages }]) =>
            `wallcrawler_proxy_messages_total{direction="${direction}"} ${messages}`,
        ),
        '# TYPE wallcrawler_proxy_message_bytes_total counter',
        ...Object.entries(traffic).map(
          ([direction, { bytes }]) =>
            `wallcrawler_proxy_message_bytes_total{direction="${direction}"} ${bytes}`,
        ),
        '# TYPE wallcrawler_proxy_open_sockets gauge',
        ...Object.entries(openSockets).map(
          ([kind, open]) => `wallcrawler_proxy_open_sockets{kind="${kind}"} ${open}`,
        ),
        '# TYPE wallcrawler_controller_resident_bytes gauge',
        `wallcrawler_controller_resident_bytes ${process.memoryUsage.rss()}`,
      ];
      return `${lines.join('\n')}\n`;
    },
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
