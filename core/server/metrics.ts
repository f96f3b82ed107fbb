import type { ServerResponse } from 'node:http';

export type Labels = Readonly<Record<string, string | number>>;

export interface Counter {
  add(by?: number): void;
}

export interface Histogram {
  observe(value: number): void;
}

export interface Metrics {
  /** Begins at 0. Where a message must not cost the making of a text, keep what this answers. */
  counter(name: string, labels?: Labels): Counter;
  /** Values by how many are at most each of `bounds`, which rise. */
  histogram(name: string, bounds: readonly number[], labels?: Labels): Histogram;
  /** A value that is read when somebody asks: one, or one for each value of a label. */
  gauge(name: string, read: () => number | GaugeByLabel): void;
  /** All of it, as Prometheus reads it, in the order in which the names came. */
  render(): string;
}

export interface GaugeByLabel {
  readonly label: string;
  readonly values: Readonly<Record<string, number>>;
}

/** The counters, histograms and gauges of one process. `shown`: counters that are named before anything was counted. */
export function createMetrics(shown: readonly string[] = []): Metrics {
  const counters = new Map<string, Map<string, Count>>(shown.map((name) => [name, new Map()]));
  const histograms = new Map<string, Map<string, Distribution>>();
  const gauges = new Map<string, () => number | GaugeByLabel>();

  return {
    counter(name, labels = {}) {
      return seriesOf(counters, name, labels, createCount);
    },
    histogram: (name, bounds, labels = {}) =>
      seriesOf(histograms, name, labels, () => createDistribution(bounds, labels)),
    gauge: (name, read) => void gauges.set(name, read),
    render() {
      const lines = [
        ...[...counters].flatMap(([name, series]) => [
          `# TYPE ${name} counter`,
          ...[...series].map(([labels, counter]) => `${name}${labels} ${counter.value()}`),
        ]),
        ...[...histograms].flatMap(([name, series]) => [
          `# TYPE ${name} histogram`,
          ...[...series.values()].flatMap((distribution) => distribution.lines(name)),
        ]),
        ...[...gauges].flatMap(([name, read]) => [`# TYPE ${name} gauge`, ...gaugeLines(name, read())]),
      ];
      return `${lines.join('\n')}\n`;
    },
  };
}

/** What is kept under a name for these labels: made when it is first asked for. */
function seriesOf<Kept>(
  all: Map<string, Map<string, Kept>>,
  name: string,
  labels: Labels,
  create: () => Kept,
): Kept {
  const series = all.get(name) ?? new Map<string, Kept>();
  all.set(name, series);
  const text = textOf(labels);
  const kept = series.get(text) ?? create();
  series.set(text, kept);
  return kept;
}

interface Distribution extends Histogram {
  lines(name: string): readonly string[];
}

function createDistribution(bounds: readonly number[], labels: Labels): Distribution {
  const counts = new Array<number>(bounds.length).fill(0);
  let [sum, count] = [0, 0];
  return {
    observe(value) {
      sum += value;
      count += 1;
      for (const [index, bound] of bounds.entries())
        if (value <= bound) counts[index] = (counts[index] ?? 0) + 1;
    },
    lines: (name) => [
      ...bounds.map((le, index) => `${name}_bucket${textOf({ ...labels, le })} ${counts[index]}`),
      `${name}_bucket${textOf({ ...labels, le: '+Inf' })} ${count}`,
      `${name}_sum${textOf(labels)} ${sum}`,
      `${name}_count${textOf(labels)} ${count}`,
    ],
  };
}

interface Count extends Counter {
  value(): number;
}

function createCount(): Count {
  let value = 0;
  return {
    add(by = 1) {
      value += by;
    },
    value: () => value,
  };
}

function gaugeLines(name: string, read: number | GaugeByLabel): readonly string[] {
  if (typeof read === 'number') return [`${name} ${read}`];
  return Object.entries(read.values).map(
    ([value, count]) => `${name}${textOf({ [read.label]: value })} ${count}`,
  );
}

function textOf(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (value: string): string =>
  value.replace(/[\\"]/g, (character) => `\\${character}`).replaceAll('\n', '\\n');

/** Answers a request for them. */
export function serveMetrics(response: ServerResponse, metrics: Pick<Metrics, 'render'>): void {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', 'cache-control': 'no-store' });
  response.end(metrics.render());
}
