/** Time comes from a clock that is handed in: so a test can let eleven minutes pass, and says what it waits for. */
import { globSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = new URL('../../', import.meta.url);
/** The one file that reads the machine's time. Entry files hand on what it gives. */
const THE_CLOCK = 'core/clock/system-clock.ts';
const READS_TIME =
  /\bDate\.now\b|\bnew Date\(\)|\bset(Timeout|Interval)\(|\bperformance\.now\b|timers\/promises/;
const COMMENTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;

const sources = ['core', 'functions', 'router']
  .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: ROOT }))
  .filter((path) => !path.endsWith('.test.ts') && !path.includes('/testing/'));
const readers = sources.filter((path) =>
  READS_TIME.test(readFileSync(new URL(path, ROOT), 'utf8').replace(COMMENTS, '')),
);

const clock = suite('the clock');

clock('is the one place that reads time', () => {
  assert.ok(sources.length > 100);
  assert.equal(readers, [THE_CLOCK]);
});

clock.run();
