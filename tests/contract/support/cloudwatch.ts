/** CloudWatch, as far as an alarm needs it: metrics, from lines of logs and as AWS's services put them, and their statistics. */
import type { Alarm } from './alarms.ts';

interface Point {
  readonly key: string;
  readonly atMs: number;
  readonly value: number;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

export interface Series {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One metric: all with these dimensions and no other. */
const keyOf = ({ namespace, metric, dimensions }: Series): string =>
  JSON.stringify([namespace, metric, Object.entries(dimensions).sort()]);

export type State = 'OK' | 'ALARM';

export class CloudWatch {
  readonly #points: Point[] = [];
  nowMs = Date.parse('2026-06-01T00:00:00.000Z');

  /** A service of AWS's own puts it. */
  put(series: Series, value: number): void {
    this.#points.push({ key: keyOf(series), atMs: this.nowMs, value });
  }

  /** A line of a log, as it was written: what it embeds is counted. */
  readLine(text: string): void {
    const line = JSON.parse(text) as Readonly<Record<string, unknown>> & {
      readonly _aws?: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
    };
    for (const { Namespace, Dimensions, Metrics } of line._aws?.CloudWatchMetrics ?? [])
      for (const names of Dimensions)
        for (const { Name } of Metrics) {
          const dimensions = Object.fromEntries(names.map((name) => [name, textOf(line, name)]));
          const key = keyOf({ namespace: Namespace, metric: Name, dimensions });
          this.#points.push({ key, atMs: line._aws?.Timestamp ?? 0, value: numberOf(line, Name) });
        }
  }

  /** How many of the metric there are, whenever: an alarm on a metric that nobody puts is never tripped. */
  count(series: Series): number {
    return this.#points.filter(({ key }) => key === keyOf(series)).length;
  }

  /** As the alarm is at the end of the period that is now. */
  stateOf(alarm: Alarm): State {
    const periods = Array.from({ length: alarm.periods }, (_, back) => {
      const endMs = Math.floor(this.nowMs / alarm.periodMs + 1 - back) * alarm.periodMs;
      const values = this.#points
        .filter(({ key, atMs }) => key === keyOf(alarm) && atMs >= endMs - alarm.periodMs && atMs < endMs)
        .map(({ value }) => value);
      return isBreaching(alarm, values);
    });
    return periods.every(Boolean) ? 'ALARM' : 'OK';
  }
}

function textOf(line: Readonly<Record<string, unknown>>, name: string): string {
  const value = line[name];
  if (typeof value !== 'string') throw new Error(`The dimension ${name} is no text: AWS leaves the line out`);
  return value;
}

function numberOf(line: Readonly<Record<string, unknown>>, name: string): number {
  const value = line[name];
  if (typeof value !== 'number') throw new Error(`The metric ${name} is no number: AWS leaves the line out`);
  return value;
}

function isBreaching(alarm: Alarm, values: readonly number[]): boolean {
  if (values.length === 0) return alarm.missing === 'breaching';
  const value = statisticOf(alarm.statistic, values);
  if (alarm.comparison === 'GreaterThanThreshold') return value > alarm.threshold;
  if (alarm.comparison === 'LessThanThreshold') return value < alarm.threshold;
  throw new Error(`${alarm.name} compares by ${alarm.comparison}`);
}

function statisticOf(statistic: string, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const known: Readonly<Record<string, number>> = {
    Sum: sum,
    Average: sum / values.length,
    Minimum: Math.min(...values),
    Maximum: Math.max(...values),
  };
  const percentile = /^p(\d+)$/.exec(statistic)?.[1];
  if (percentile === undefined) {
    const value = known[statistic];
    if (value === undefined) throw new Error(`There is no statistic ${statistic}`);
    return value;
  }
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((Number(percentile) / 100) * sorted.length) - 1)] ?? Number.NaN;
}
