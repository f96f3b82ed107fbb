import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readMetric } from './platform.ts';

const t = suite('a metric of the machine');

const TEXT = `# TYPE wallcrawler_sessions gauge
wallcrawler_sessions{state="running"} 2
wallcrawler_sessions{state="starting"} 1
# TYPE wallcrawler_warm_available gauge
wallcrawler_warm_available 0
`;

t('is the sum over its labels', () => {
  assert.is(readMetric(TEXT, 'wallcrawler_sessions'), 3);
});

t('that is 0 is another thing than one that is not there', () => {
  assert.is(readMetric(TEXT, 'wallcrawler_warm_available'), 0);
  assert.is(readMetric(TEXT, 'wallcrawler_warm'), undefined);
});

t.run();
