import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMetrics } from './metrics.ts';

const metrics = suite('metrics');

metrics('are counters by name and labels, then gauges, in the order of their names', () => {
  const registry = createMetrics(['answers_total']);
  registry.gauge('open', () => ({ label: 'kind', values: { cdp: 2, live: 0 } }));
  registry.gauge('resident_bytes', () => 7);
  const sent = registry.counter('bytes_total', { direction: 'out' });
  registry.counter('answers_total', { kind: 'upgrade', status: 101 }).add();
  sent.add(5);
  sent.add();
  assert.is(
    registry.render(),
    [
      '# TYPE answers_total counter',
      'answers_total{kind="upgrade",status="101"} 1',
      '# TYPE bytes_total counter',
      'bytes_total{direction="out"} 6',
      '# TYPE open gauge',
      'open{kind="cdp"} 2',
      'open{kind="live"} 0',
      '# TYPE resident_bytes gauge',
      'resident_bytes 7',
      '',
    ].join('\n'),
  );
});

metrics('count the same labels once, however often they are asked for', () => {
  const registry = createMetrics();
  for (const _ of [1, 2]) registry.counter('answers_total', { status: 200 }).add();
  assert.match(registry.render(), /^answers_total\{status="200"\} 2$/m);
});

metrics('show a counter that has counted nothing, and one without labels', () => {
  const registry = createMetrics();
  registry.counter('starts_total');
  assert.is(registry.render(), '# TYPE starts_total counter\nstarts_total 0\n');
});

metrics('read a gauge when they are asked, not before', () => {
  const registry = createMetrics();
  let open = 0;
  registry.gauge('open', () => open);
  open = 3;
  assert.match(registry.render(), /^open 3$/m);
});

metrics('are distributions, by how many are at most so much', () => {
  const registry = createMetrics();
  const distribution = registry.histogram('wait_seconds', [0.5, 2], { kind: 'a' });
  for (const value of [0.5, 1, 7]) distribution.observe(value);
  assert.is(
    registry.render(),
    [
      '# TYPE wait_seconds histogram',
      'wait_seconds_bucket{kind="a",le="0.5"} 1',
      'wait_seconds_bucket{kind="a",le="2"} 2',
      'wait_seconds_bucket{kind="a",le="+Inf"} 3',
      'wait_seconds_sum{kind="a"} 8.5',
      'wait_seconds_count{kind="a"} 3',
      '',
    ].join('\n'),
  );
});

metrics('escape what would end a label', () => {
  const registry = createMetrics();
  registry.counter('odd_total', { text: 'a"b\\c\nd' }).add();
  assert.match(registry.render(), String.raw`odd_total{text="a\"b\\c\nd"} 1`);
});

metrics.run();
