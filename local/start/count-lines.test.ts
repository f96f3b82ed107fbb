import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { logEvent } from '../../core/log/log-event.ts';
import { createLogger } from '../../core/log/logger.ts';
import { createMetrics } from '../../core/server/metrics.ts';
import { countLines } from './count-lines.ts';

function counting() {
  const metrics = createMetrics();
  const count = countLines(metrics);
  return { count, logger: createLogger({ service: 'test' }, count), render: () => metrics.render() };
}

const t = suite('the lines of functions and containers, counted');

t('by the labels that the catalogue names, in seconds where CloudWatch has milliseconds', () => {
  const { logger, render } = counting();
  const create = { method: 'POST', route: '/v1/sessions', outcome: 'ok', status: 201, start: 'warm' };
  for (const durationMs of [300, 2_000]) logEvent(logger, 'api.request', { ...create, durationMs });
  const text = render();
  assert.match(text, 'wallcrawler_api_requests_total{method="POST",route="/v1/sessions",status="201"} 2\n');
  assert.match(text, 'wallcrawler_creates_total{outcome="ok",start="warm"} 2\n');
  assert.match(text, 'wallcrawler_create_duration_seconds_bucket{start="warm",le="0.5"} 1\n');
  assert.match(text, 'wallcrawler_create_duration_seconds_count{start="warm"} 2\n');
  assert.match(text, 'wallcrawler_create_duration_seconds_sum{start="warm"} 2.3\n');
  assert.not.match(text, 'api_latency', 'which a create is not part of');
});

t('by the number that a line has, where it has one', () => {
  const { logger, render } = counting();
  logEvent(logger, 'pool.demand', { outcome: 'ok', creates: 5, claimed: 3, cold: 2 });
  logEvent(logger, 'pool.demand', { outcome: 'ok', creates: 1, claimed: 1, cold: 0 });
  logEvent(logger, 'pool.kept', { outcome: 'ok', wanted: 2, empty: 1, available: 0, starting: 1 });
  logEvent(logger, 'pool.kept', { outcome: 'ok', wanted: 3, empty: 0, available: 1, starting: 0 });
  const text = render();
  assert.match(text, 'wallcrawler_warm_claimed_total 4\n');
  assert.match(text, 'wallcrawler_warm_cold_total 2\n');
  assert.match(text, 'wallcrawler_warm_wanted 3\n');
  assert.not.match(text, 'wallcrawler_warm_available', 'which is read when somebody asks');
});

t('show what has not happened as 0', () => {
  assert.match(counting().render(), 'wallcrawler_heartbeats_lost_total 0\n');
});

t('are left alone where they are none', () => {
  const { count, render } = counting();
  const before = render();
  for (const line of [
    '',
    '"event":"api.request"',
    '{"event":"none.such"}',
    '["event":"api.request"',
    '{"event":"api.request"',
  ])
    count(line);
  assert.is(render(), before);
});

t.run();
