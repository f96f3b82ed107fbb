/**
 * What is counted and measured: each number once, read from the line of its event (core/domain/log-events.ts). CloudWatch
 * knows it by the name here, Prometheus by the one that `prometheusNameOf` makes of it (docs/observability.md).
 */
import type { LogEventName } from './log-events.ts';

export type MetricUnit = 'Count' | 'Milliseconds' | 'Bytes';

/** A line of the log, as fields. */
export type MetricLine = Readonly<Record<string, unknown>>;

export interface Metric {
  /** `counter` adds up, `gauge` is what it is at the moment, `histogram` has a value for each line. */
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly unit: MetricUnit;
  readonly from: LogEventName;
  /** Only of such lines. */
  readonly when?: (line: MetricLine) => boolean;
  /** The field that has the number; without one each line counts as 1. */
  readonly value?: string;
  /** Fields by which Prometheus tells its series apart. */
  readonly labels: readonly string[];
  /** Fields by which CloudWatch does; each combination of values costs as much as a metric. */
  readonly dimensions: readonly (readonly string[])[];
}

/** All of them together. */
const TOTAL = [[]] as const;

const metric = (row: Metric): Metric => row;

const isCreate = ({ method, route }: MetricLine): boolean => method === 'POST' && route === '/v1/sessions';
const isOk = ({ outcome }: MetricLine): boolean => outcome === 'ok';

/** With these a router turns away who has a good token. */
const FULL_REASONS: readonly unknown[] = ['tooManySockets', 'tooManyWaiting'];

export const METRICS = {
  ApiRequests: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'api.request',
    labels: ['method', 'route', 'status'],
    dimensions: [['outcome']],
  }),
  // A create waits for its browser: its time is a number of its own.
  ApiLatency: metric({
    kind: 'histogram',
    unit: 'Milliseconds',
    from: 'api.request',
    when: (line) => !isCreate(line),
    value: 'durationMs',
    labels: ['method', 'route'],
    dimensions: TOTAL,
  }),
  Creates: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'api.request',
    when: isCreate,
    labels: ['outcome', 'start'],
    dimensions: [['outcome'], ['start']],
  }),
  CreateDuration: metric({
    kind: 'histogram',
    unit: 'Milliseconds',
    from: 'api.request',
    when: (line) => isCreate(line) && isOk(line),
    value: 'durationMs',
    labels: ['start'],
    dimensions: [[], ['start']],
  }),
  SessionsStarted: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'session.step',
    when: ({ start }) => start !== undefined,
    labels: ['start'],
    dimensions: TOTAL,
  }),
  SessionsEnded: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'session.step',
    when: ({ reason }) => reason !== undefined,
    labels: ['outcome', 'reason'],
    dimensions: [['outcome'], ['reason']],
  }),
  SessionsLive: metric({
    kind: 'gauge',
    unit: 'Count',
    from: 'sweep.done',
    value: 'live',
    labels: [],
    dimensions: TOTAL,
  }),
  SessionsSwept: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'session.swept',
    labels: ['reason'],
    dimensions: TOTAL,
  }),
  Claims: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'pool.claim',
    labels: ['outcome'],
    dimensions: [['outcome']],
  }),
  ClaimLatency: metric({
    kind: 'histogram',
    unit: 'Milliseconds',
    from: 'pool.claim',
    when: ({ outcome }) => outcome === 'taken',
    value: 'durationMs',
    labels: [],
    dimensions: TOTAL,
  }),
  WarmAvailable: metric({
    kind: 'gauge',
    unit: 'Count',
    from: 'pool.kept',
    value: 'available',
    labels: [],
    dimensions: TOTAL,
  }),
  WarmStarting: metric({
    kind: 'gauge',
    unit: 'Count',
    from: 'pool.kept',
    value: 'starting',
    labels: [],
    dimensions: TOTAL,
  }),
  WarmWanted: metric({
    kind: 'gauge',
    unit: 'Count',
    from: 'pool.kept',
    value: 'wanted',
    labels: [],
    dimensions: TOTAL,
  }),
  /** 1 when some are wanted and none is there. */
  WarmEmpty: metric({
    kind: 'gauge',
    unit: 'Count',
    from: 'pool.kept',
    value: 'empty',
    labels: [],
    dimensions: TOTAL,
  }),
  WarmClaimed: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'pool.demand',
    value: 'claimed',
    labels: [],
    dimensions: TOTAL,
  }),
  WarmCold: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'pool.demand',
    value: 'cold',
    labels: [],
    dimensions: TOTAL,
  }),
  HeartbeatsLost: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'heartbeat.lost',
    labels: [],
    dimensions: TOTAL,
  }),
  RecordingPartsLost: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'recording.lost',
    labels: [],
    dimensions: TOTAL,
  }),
  LogRowsLost: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'log.lost',
    value: 'rowCount',
    labels: [],
    dimensions: TOTAL,
  }),
  DownloadsLost: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'download.lost',
    labels: [],
    dimensions: TOTAL,
  }),
  EgressRefused: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'egress.refused',
    labels: ['outcome'],
    dimensions: TOTAL,
  }),
  WebhookTries: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'webhook.tried',
    labels: ['outcome'],
    dimensions: [['outcome']],
  }),
  RouterRefused: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'router.refused',
    labels: ['reason'],
    dimensions: TOTAL,
  }),
  RouterFull: metric({
    kind: 'counter',
    unit: 'Count',
    from: 'router.refused',
    when: ({ reason }) => FULL_REASONS.includes(reason),
    labels: [],
    dimensions: TOTAL,
  }),
  RouterOpenConnections: metric({
    kind: 'gauge',
    unit: 'Count',
    from: 'router.load',
    value: 'open',
    labels: [],
    dimensions: TOTAL,
  }),
  RouterWaitingConnections: metric({
    kind: 'gauge',
    unit: 'Count',
    from: 'router.load',
    value: 'waiting',
    labels: [],
    dimensions: TOTAL,
  }),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

/** What one line adds to one metric. */
export interface Measured {
  readonly name: MetricName;
  readonly metric: Metric;
  readonly value: number;
}

const byEvent = Map.groupBy(
  Object.entries(METRICS) as (readonly [MetricName, Metric])[],
  ([, { from }]) => from as string,
);

/** Pure: what a line says in numbers. Nothing, for most of them. */
export function measure(line: MetricLine): readonly Measured[] {
  const rows = typeof line.event === 'string' ? byEvent.get(line.event) : undefined;
  return (rows ?? []).flatMap(([name, row]) => {
    if (row.when?.(line) === false) return [];
    const value = row.value === undefined ? 1 : line[row.value];
    return typeof value === 'number' && Number.isFinite(value) ? [{ name, metric: row, value }] : [];
  });
}
