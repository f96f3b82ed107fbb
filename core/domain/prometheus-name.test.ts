import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { METRICS } from './metrics.ts';
import { prometheusNameOf, prometheusValueOf } from './prometheus-name.ts';

const names = suite('prometheusNameOf');

for (const [name, kind, unit, expected] of [
  ['SessionsStarted', 'counter', 'Count', 'wallcrawler_sessions_started_total'],
  ['SessionsLive', 'gauge', 'Count', 'wallcrawler_sessions_live'],
  ['ClaimLatency', 'histogram', 'Milliseconds', 'wallcrawler_claim_latency_seconds'],
  ['RouterBytes', 'counter', 'Bytes', 'wallcrawler_router_bytes_total'],
  ['RouterResident', 'gauge', 'Bytes', 'wallcrawler_router_resident_bytes'],
] as const) {
  names(`${name} is ${expected}`, () => {
    assert.is(prometheusNameOf(name, { kind, unit }), expected);
  });
}

names('are names that Prometheus takes, and each one another', () => {
  const all = Object.entries(METRICS).map(([name, metric]) => prometheusNameOf(name, metric));
  for (const name of all) assert.match(name, /^[a-z][a-z0-9_]*$/);
  assert.is(new Set(all).size, all.length);
});

names('have seconds where CloudWatch has milliseconds', () => {
  assert.is(prometheusValueOf(1_500, { unit: 'Milliseconds' }), 1.5);
  assert.is(prometheusValueOf(3, { unit: 'Count' }), 3);
});

names.run();
