import type { ServerResponse } from 'node:http';

export type Labels = Readonly<Record<string, string | number>>;

export interface Counter {
  add(by?: number): void;
}

export interface Metrics {
  /** Begins at 0. Where a message must not cost the making of a text, keep what this answers. */
  counter(name: string, labels?: Labels): Counter;
  /** A value that is read when somebody asks: one, or one for each value of a label. */
  gauge(name: string, read: () => number | GaugeByLabel): void;
  /** All of it, as Prometheus reads it, in the order in which the names came. */
  render(): string;
}

export interface GaugeByLabel {
  readonly label: string;
  readonly values: Readonly<Record<string, number>>;
}

/** The counters and gauges of one process. `shown`: counters that are named before anything was counted. */
export function createMetrics(shown: readonly string[] = []): Metrics {
  const counters = new Map<string, Map<string, Count>>(shown.map((name) => [name, new Map()]));
  const gauges = new Map<string, () => number | GaugeByLabel>();

  return {
    counter(name, labels = {}) {
      const series = counters.get(name) ?? new Map<string, Count>();
      counters.set(name, series);
      const text = textOf(labels);
      const counter = series.get(text) ?? createCount();
      series.set(text, counter);
      return counter;
    },
    gauge: (name, read) => void gauges.set(name, read),
    render() {
      const lines = [
        ...[...counters].flatMap(([name, series]) => [
          `# TYPE ${name} counter`,
          ...[...series].map(([labels, counter]) => `${name}${labels} ${counter.value()}`),
        ]),
        ...[...gauges].flatMap(([name, read]) => [`# TYPE ${name} gauge`, ...gaugeLines(name, read())]),
      ];
      return `${lines.join('\n')}\n`;
    },
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
