import { type Measured, type MetricLine, measure } from '../domain/metrics.ts';

/**
 * What makes CloudWatch read metrics from a line of a log: its "embedded metric format". Undefined for a line that says
 * nothing in numbers.
 */
export function embeddedMetricsOf(
  line: MetricLine,
  { namespace, timestampMs }: { readonly namespace: string; readonly timestampMs: number },
): Readonly<Record<string, unknown>> | undefined {
  const measured = measure(line);
  if (measured.length === 0) return undefined;
  const directives = [...Map.groupBy(measured, (each) => JSON.stringify(dimensionsOf(each, line)))];
  return {
    _aws: {
      Timestamp: timestampMs,
      CloudWatchMetrics: directives.map(([dimensions, each]) => ({
        Namespace: namespace,
        Dimensions: JSON.parse(dimensions),
        Metrics: each.map(({ name, metric: { unit } }) => ({ Name: name, Unit: unit })),
      })),
    },
    ...Object.fromEntries(measured.map(({ name, value }) => [name, value])),
  };
}

/** A dimension without a value is none: CloudWatch would leave the whole line out. */
const dimensionsOf = ({ metric }: Measured, line: MetricLine): readonly (readonly string[])[] =>
  metric.dimensions.filter((fields) => fields.every((field) => typeof line[field] === 'string'));
