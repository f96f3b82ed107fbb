import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { METRICS } from '../domain/metrics.ts';
import { embeddedMetricsOf } from './embedded-metrics.ts';
import { logEvent } from './log-event.ts';
import { createLogger } from './logger.ts';

const AT = { namespace: 'Wallcrawler/wallcrawler-test', timestampMs: 1_800_000_000_000 };

const t = suite('a line that CloudWatch reads metrics from');

t('has them at its root, and says their unit and by which of its fields they are told apart', () => {
  const line = { event: 'pool.claim', outcome: 'taken', durationMs: 12, warmId: 'w01-x' };
  assert.equal(embeddedMetricsOf(line, AT), {
    _aws: {
      Timestamp: AT.timestampMs,
      CloudWatchMetrics: [
        { Namespace: AT.namespace, Dimensions: [['outcome']], Metrics: [{ Name: 'Claims', Unit: 'Count' }] },
        {
          Namespace: AT.namespace,
          Dimensions: [[]],
          Metrics: [{ Name: 'ClaimLatency', Unit: 'Milliseconds' }],
        },
      ],
    },
    Claims: 1,
    ClaimLatency: 12,
  });
});

t('names no dimension that it has no text for', () => {
  const refused = {
    event: 'api.request',
    method: 'POST',
    route: '/v1/sessions',
    outcome: 'refused',
    durationMs: 1,
  };
  const { _aws } = embeddedMetricsOf(refused, AT) as {
    _aws: { CloudWatchMetrics: { Dimensions: unknown }[] };
  };
  assert.equal(
    _aws.CloudWatchMetrics.map(({ Dimensions }) => Dimensions),
    [[['outcome']]],
  );
});

t('is a plain line where it says nothing in numbers', () => {
  assert.is(embeddedMetricsOf({ event: 'task.running', outcome: 'noted' }, AT), undefined);
  assert.is(embeddedMetricsOf({ message: 'swept', live: 3 }, AT), undefined);
});

t('has no more than what AWS takes: 30 dimensions, and no field of the name of a metric', () => {
  for (const [name, { dimensions }] of Object.entries(METRICS)) {
    for (const fields of dimensions) assert.ok(fields.length <= 30 && !fields.includes(name), name);
    assert.match(name, /^[A-Z]/, 'fields begin with a small letter');
  }
});

t('is written by a logger that knows a namespace, and by no other', () => {
  const written: string[] = [];
  const write = (line: string) => void written.push(line);
  const now = () => new Date(AT.timestampMs);
  for (const namespace of [AT.namespace, undefined]) {
    const logger = createLogger({ service: 'x' }, write, { now, namespace }).with({ sessionId: 's1' });
    logEvent(logger, 'heartbeat.lost', { outcome: 'lost', durationMs: 5 });
    logger.info('something else');
  }
  const [counted = {}, ...plain] = written.map((line) => JSON.parse(line));
  assert.equal(
    [counted.HeartbeatsLost, counted._aws.Timestamp, counted.sessionId],
    [1, AT.timestampMs, 's1'],
  );
  for (const line of plain) assert.not('_aws' in line);
});

t.run();
