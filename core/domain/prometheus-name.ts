import type { Metric } from './metrics.ts';

const PREFIX = 'wallcrawler';

/** Prometheus has base units, and so seconds. */
const UNITS: Readonly<Record<Metric['unit'], { readonly suffix: string; readonly factor: number }>> = {
  Count: { suffix: '', factor: 1 },
  Milliseconds: { suffix: '_seconds', factor: 1 / 1000 },
  Bytes: { suffix: '_bytes', factor: 1 },
};

const snake = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, '_$&').toLowerCase();

/**
 * The name of a metric in Prometheus: `SessionsStarted` is `wallcrawler_sessions_started_total`, and `ClaimLatency`, in
 * milliseconds, is `wallcrawler_claim_latency_seconds`.
 */
export function prometheusNameOf(name: string, { kind, unit }: Pick<Metric, 'kind' | 'unit'>): string {
  const base = `${PREFIX}_${snake(name)}`;
  const { suffix } = UNITS[unit];
  const withUnit = base.endsWith(suffix) ? base : `${base}${suffix}`;
  return kind === 'counter' ? `${withUnit}_total` : withUnit;
}

/** The value as Prometheus has it, in the unit of the name. */
export const prometheusValueOf = (value: number, { unit }: Pick<Metric, 'unit'>): number =>
  value * UNITS[unit].factor;
