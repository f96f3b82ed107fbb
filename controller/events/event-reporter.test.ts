import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NewEvent } from '../../core/domain/session-event.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { CallRefusedError } from '../container-api/container-api.ts';
import { GOES_ON } from '../testing/session-fixture.ts';
import { createEventReporter } from './event-reporter.ts';
import { REPORT_LIMITS } from './limits.ts';

const turn = () => new Promise(setImmediate);

function start() {
  const clock = createManualClock();
  const log = recordLog();
  const batches: (readonly NewEvent[])[] = [];
  const platform: { fault: Error | undefined; hangs: boolean } = { fault: undefined, hangs: false };
  const reporter = createEventReporter({
    clock,
    logger: log.logger,
    api: {
      async reportEvents(events, { signal } = {}) {
        batches.push(events);
        if (platform.hangs)
          await new Promise((_, reject) =>
            signal?.addEventListener('abort', () => reject(new Error('ended'))),
          );
        if (platform.fault !== undefined) throw platform.fault;
        return GOES_ON;
      },
    },
  });
  const numbers = () => batches.map((batch) => batch.map(({ number }) => number));
  const come = (clients: number) => reporter.emit('client.connected', { clients });
  return { ...reporter, come, clock, batches, numbers, platform, log };
}

const reporting = suite('the events of a container');

reporting('wait until it is ready, and go in one report with those of the moment', async () => {
  const { come, start: begin, clock, batches, numbers } = start();
  come(1);
  clock.advance(60_000);
  await turn();
  assert.equal(batches, []);
  begin();
  come(2);
  clock.advance(REPORT_LIMITS.gatherMs);
  await turn();
  assert.equal(numbers(), [[1, 2]]);
  assert.equal(batches[0]?.[0], {
    at: '2026-01-01T00:00:00.000Z',
    number: 1,
    type: 'client.connected',
    data: { clients: 1 },
  });
});

reporting('are told again, with their numbers, until they are heard', async () => {
  const { come, start: begin, clock, numbers, platform } = start();
  begin();
  platform.fault = new Error('500');
  come(1);
  clock.advance(REPORT_LIMITS.gatherMs);
  await turn();
  come(2);
  platform.fault = undefined;
  clock.advance(REPORT_LIMITS.againMs);
  await turn();
  assert.equal(numbers(), [[1], [1, 2]]);
});

reporting('that are refused do not keep back those behind them', async () => {
  const { come, start: begin, clock, numbers, platform } = start();
  begin();
  platform.fault = new CallRefusedError('events', 400, 'no');
  come(1);
  clock.advance(REPORT_LIMITS.gatherMs);
  await turn();
  platform.fault = undefined;
  come(2);
  clock.advance(REPORT_LIMITS.gatherMs);
  await turn();
  assert.equal(numbers(), [[1], [2]]);
});

reporting('are bounded while nobody hears them, and how many were lost is told', async () => {
  const { come, start: begin, clock, batches, platform } = start();
  begin();
  platform.fault = new Error('500');
  for (let count = 1; count <= REPORT_LIMITS.maxWaiting + 7; count++) come(count);
  clock.advance(REPORT_LIMITS.gatherMs);
  await turn();
  platform.fault = undefined;
  clock.advance(REPORT_LIMITS.againMs);
  await turn();
  const told = batches.slice(1).flat();
  assert.is(told.filter(({ type }) => type === 'client.connected').length, REPORT_LIMITS.maxWaiting);
  assert.equal(told.at(-1)?.data, { count: 7 });
});

reporting('are all told at the end, and none after it', async () => {
  const { come, start: begin, finish, clock, numbers } = start();
  begin();
  come(1);
  clock.advance(REPORT_LIMITS.gatherMs);
  come(2);
  await finish();
  come(3);
  await finish();
  assert.equal(numbers(), [[1], [2]]);
  assert.is(clock.pending(), 0);
});

reporting('hold no end back for longer than its time', async () => {
  const { come, finish, platform, log } = start();
  platform.hangs = true;
  come(1);
  const startedAtMs = performance.now();
  await finish();
  assert.ok(performance.now() - startedAtMs < REPORT_LIMITS.lastMs + 1_000);
  assert.match(log.text(), 'events were not told');
});

reporting.run();
