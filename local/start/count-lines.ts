/** Counts what the lines of functions and containers say, as CloudWatch does on AWS, for whoever asks for /metrics. */
import { isObject } from '../../core/domain/is-object.ts';
import {
  METRICS,
  type Measured,
  type MetricLine,
  type MetricName,
  measure,
} from '../../core/domain/metrics.ts';
import { prometheusNameOf, prometheusValueOf } from '../../core/domain/prometheus-name.ts';
import type { Labels, Metrics } from '../../core/server/metrics.ts';

/** In seconds. A create is given up after 50. */
const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50];

/** What this machine knows at any moment: nobody waits for the line that says so. */
export const READ_WHEN_ASKED: readonly MetricName[] = [
  'SessionsLive',
  'WarmAvailable',
  'WarmStarting',
  'RouterOpenConnections',
  'RouterWaitingConnections',
];

/** Takes the lines that functions and containers print. */
export function countLines(metrics: Metrics): (line: string) => void {
  const gauges = new Map<MetricName, number>();
  showEmpty(metrics);
  return (text) => {
    if (!text.includes('"event":"')) return;
    const line = lineIn(text);
    for (const each of line === undefined ? [] : measure(line)) {
      if (READ_WHEN_ASKED.includes(each.name)) continue;
      if (each.metric.kind === 'gauge') keep(metrics, gauges, each);
      else add(metrics, each, labelsOf(each, line as MetricLine));
    }
  };
}

/** A counter that has counted nothing is 0, and no missing one. */
function showEmpty(metrics: Metrics): void {
  for (const [name, metric] of Object.entries(METRICS)) {
    if (metric.kind === 'counter' && metric.labels.length === 0)
      metrics.counter(prometheusNameOf(name, metric));
  }
}

function add(metrics: Metrics, { name, metric, value }: Measured, labels: Labels): void {
  const series = prometheusNameOf(name, metric);
  const amount = prometheusValueOf(value, metric);
  if (metric.kind === 'histogram') metrics.histogram(series, BUCKETS, labels).observe(amount);
  else metrics.counter(series, labels).add(amount);
}

function keep(metrics: Metrics, gauges: Map<MetricName, number>, { name, metric, value }: Measured): void {
  if (!gauges.has(name)) metrics.gauge(prometheusNameOf(name, metric), () => gauges.get(name) ?? 0);
  gauges.set(name, prometheusValueOf(value, metric));
}

function labelsOf({ metric }: Measured, line: MetricLine): Labels {
  const given = metric.labels.flatMap((field) => {
    const value = line[field];
    return typeof value === 'string' || typeof value === 'number' ? [[field, value] as const] : [];
  });
  return Object.fromEntries(given);
}

function lineIn(text: string): MetricLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isObject(line) ? line : undefined;
  } catch {
    // Not a line of our logger: a function may print what it likes.
    return undefined;
  }
}
