import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../core/log/logger.ts';
import { createManualClock } from '../core/testing/manual-clock.ts';
import { ROUTER_LIMITS } from './limits.ts';
import { isLoadBalancerCheck, watchDeparture } from './watch-departure.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

function start(askWhetherStopping?: () => Promise<boolean>) {
  const clock = createManualClock();
  const log: string[] = [];
  const logger = createLogger({}, (line) => log.push(JSON.parse(line).message));
  let sent = 0;
  const departure = watchDeparture(
    { clock, logger, askWhetherStopping, sendAway: () => (sent += 1) },
    ROUTER_LIMITS,
  );
  const pass = async (ms: number, isChecked: boolean) => {
    for (let passed = 0; passed < ms; passed += 10 * SECOND_MS) {
      if (isChecked) departure.noteHealthCheck();
      clock.advance(10 * SECOND_MS);
      await new Promise(setImmediate);
    }
  };
  return { departure, pass, log, sentAway: () => sent };
}

const t = suite('a router that is taken out');

t('sends everybody away once, 55 minutes after the last health check', async () => {
  const { pass, sentAway } = start();
  await pass(5 * MINUTE_MS, true);
  await pass(54 * MINUTE_MS, false);
  assert.is(sentAway(), 0, 'until then nobody is disturbed');
  await pass(2 * MINUTE_MS, false);
  assert.is(sentAway(), 1, 'before the load balancer cuts, after an hour');
  await pass(10 * MINUTE_MS, false);
  assert.is(sentAway(), 1);
});

t('stays while it is checked', async () => {
  const { pass, sentAway, log } = start();
  await pass(3 * 60 * MINUTE_MS, true);
  assert.is(sentAway(), 0);
  assert.equal(log, []);
});

t('stays after all when the checks come back', async () => {
  const { pass, sentAway, log } = start();
  await pass(MINUTE_MS, true);
  await pass(30 * MINUTE_MS, false);
  await pass(40 * MINUTE_MS, true);
  assert.is(sentAway(), 0);
  assert.equal(log, ['leaving: the load balancer has taken this router out', 'staying after all']);
});

t('without a load balancer there is nobody whose silence says anything', async () => {
  const { pass, sentAway } = start();
  await pass(2 * 60 * MINUTE_MS, false);
  assert.is(sentAway(), 0);
});

t('goes by the desired status of its task too, though it is still checked', async () => {
  let isStopping = false;
  const { pass, sentAway } = start(async () => isStopping);
  await pass(MINUTE_MS, true);
  isStopping = true;
  await pass(54 * MINUTE_MS, true);
  assert.is(sentAway(), 0);
  await pass(2 * MINUTE_MS, true);
  assert.is(sentAway(), 1);
});

t('goes by the checks when the status cannot be read, and says so', async () => {
  const { pass, sentAway, log } = start(async () => {
    throw new Error('no route');
  });
  await pass(MINUTE_MS, true);
  await pass(56 * MINUTE_MS, false);
  assert.is(sentAway(), 1);
  assert.ok(log.includes('the desired status of the task cannot be read'));
});

t('knows the load balancer from its own health check', () => {
  assert.ok(isLoadBalancerCheck({ 'user-agent': 'ELB-HealthChecker/2.0' }));
  assert.not.ok(isLoadBalancerCheck({ 'user-agent': 'node' }));
  assert.not.ok(isLoadBalancerCheck({}));
});

t('is over when the router is', async () => {
  const { departure, pass, sentAway } = start();
  await pass(MINUTE_MS, true);
  departure.stop();
  await pass(2 * 60 * MINUTE_MS, false);
  assert.is(sentAway(), 0);
});

t.run();
