import { createMetrics, type Metrics } from '../../core/server/metrics.ts';

const UPGRADES = 'wallcrawler_proxy_upgrades_total';
const MESSAGES = 'wallcrawler_proxy_messages_total';
const MESSAGE_BYTES = 'wallcrawler_proxy_message_bytes_total';

export interface ProxyMetrics extends Pick<Metrics, 'render'> {
  countUpgrade(status: number): void;
  countMessage(direction: 'toChrome' | 'toClient', bytes: number): void;
}

export function createProxyMetrics(countByKind: () => Readonly<Record<string, number>>): ProxyMetrics {
  const metrics = createMetrics([UPGRADES, MESSAGES]);
  // Two fixed pairs: a message must not cost the making of a text.
  const trafficOf = (direction: string) => ({
    messages: metrics.counter(MESSAGES, { direction }),
    bytes: metrics.counter(MESSAGE_BYTES, { direction }),
  });
  const traffic = { toChrome: trafficOf('toChrome'), toClient: trafficOf('toClient') };
  metrics.gauge('wallcrawler_proxy_open_sockets', () => ({ label: 'kind', values: countByKind() }));
  metrics.gauge('wallcrawler_controller_resident_bytes', () => process.memoryUsage.rss());
  return {
    countUpgrade: (status) => metrics.counter(UPGRADES, { status }).add(),
    countMessage(direction, bytes) {
      const { messages, bytes: messageBytes } = traffic[direction];
      messages.add();
      messageBytes.add(bytes);
    },
    render: metrics.render,
  };
}
