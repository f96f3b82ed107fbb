import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { poolMetrics } from './operator.ts';

const t = suite('the metrics of the warm pool');

t('are how many wait and how many are about to, also where there are none', () => {
  const told = poolMetrics([{ status: 'AVAILABLE' }, { status: 'STARTING' }, { status: 'AVAILABLE' }]);
  assert.match(told, '\nwallcrawler_warm_available 2\n');
  assert.match(told, '\nwallcrawler_warm_starting 1\n');
  assert.match(poolMetrics([]), '\nwallcrawler_warm_available 0\n');
});

t.run();
