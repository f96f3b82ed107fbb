import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
// @ts-expect-error plain JavaScript without types
import { findTestFiles, judgeRun, nextLane, SUITES, sourceFault } from './test-suites.mjs';

/** What uvu prints at the end. */
const summaryOf = (total: number, passed: number, skipped = 0): string =>
  `\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1.23ms\n\n`;
const judge = (run: object) => judgeRun({ code: 0, output: '', isTimedOut: false, ...run }, 2_000);

const runs = suite('a file that has run');

runs('counts what passed', () => {
  assert.equal(judge({ output: summaryOf(3, 3) }), { passed: 3, failed: 0 });
  assert.equal(judge({ output: `\u001b[32m${summaryOf(2, 2)}\u001b[39m` }), { passed: 2, failed: 0 });
});

runs('counts by what it printed, whatever the other stream says in the middle of it', () => {
  const stdout = summaryOf(3, 3);
  const output = stdout.replace('Passed', 'fault: of something\nPassed');
  assert.equal(judge({ output, stdout }), { passed: 3, failed: 0 });
});

// Each of them must be a failure: whatever was printed or returned, something did not happen.
const FAILURES: Readonly<
  Record<string, readonly [run: object, passed: number, failed: number, fault: string]>
> = {
  'has failed tests': [{ code: 1, output: summaryOf(5, 3) }, 3, 2, '2 of 5 failed, exit code 1'],
  'exits with a code though all passed': [
    { code: 7, output: summaryOf(2, 2) },
    2,
    1,
    '0 of 2 failed, exit code 7',
  ],
  'printed nothing': [{}, 0, 1, 'it ran no test'],
  'ran no test': [{ output: summaryOf(0, 0) }, 0, 1, 'it ran no test'],
  'hides a failure behind exit code 0': [{ output: summaryOf(3, 2) }, 2, 1, '2 of 3 passed, exit code 0'],
  'was killed, though it had passed by then': [
    { isTimedOut: true, code: 0, output: summaryOf(3, 3) },
    3,
    1,
    'killed after 2 s',
  ],
  'was killed without a word': [{ isTimedOut: true, code: 1 }, 0, 1, 'killed after 2 s'],
  'left what cannot be ended': [
    { output: summaryOf(1, 1), alive: 2 },
    1,
    1,
    '2 processes that it left cannot be ended',
  ],
};
for (const [what, [run, passed, failed, fault]] of Object.entries(FAILURES)) {
  runs(`is a failure when it ${what}`, () => assert.equal(judge(run), { passed, failed, fault }));
}

runs('is judged by the last summary, and by none that it prints itself', () => {
  assert.equal(judge({ output: summaryOf(9, 9) + summaryOf(1, 0), code: 1 }).failed, 1);
  const printed = `Total: 5 Passed: 5 Skipped: 0\n${summaryOf(2, 2)}`;
  assert.equal(judge({ output: printed }), { passed: 2, failed: 0 });
  assert.equal(judge({ output: 'Total: 5 Passed: 5 Skipped: 0\n' }).fault, 'it ran no test');
});

runs.run();

// ---

const sources = suite('the source of a test file');
// In two parts: the runner reads this file as well.
const declare = (name: string, type = '', word = 'const') => `${word} ${name} = ${'suite'}${type}('x');\n`;
const DECLARED = `import { suite } from 'uvu';\n${declare('t')}t('a', () => {});\n`;

sources('may be trusted when each suite runs', () => {
  assert.is(sourceFault(`${DECLARED}t.run();`), undefined);
  assert.is(sourceFault(`${DECLARED}${declare('more', '<Context>')}t.run();\nmore.run();`), undefined);
  assert.is(sourceFault(`${declare('t', '', 'let')}t.run();`), undefined);
});

sources('may not when a suite is never run, which uvu would not say', () => {
  assert.is(sourceFault(DECLARED), 'the suite t has no t.run()');
  assert.is(sourceFault(`${DECLARED}${declare('more')}t.run();`), 'the suite more has no more.run()');
  assert.is(sourceFault(`${DECLARED}${declare('at')}at.run();`), 'the suite t has no t.run()');
});

sources('may not when it declares none, or runs one test alone', () => {
  assert.is(sourceFault(''), 'it declares no suite');
  assert.is(sourceFault(`${DECLARED}t.only('b', () => {});\nt.run();`), 'it runs with .only');
  assert.is(sourceFault(`${DECLARED}// not t.only('b')\nt.run();`), undefined);
});

sources.run();

// ---

const files = suite('the files of a suite');
let root: string;
files.before(() => {
  root = mkdtempSync(join(tmpdir(), 'suites-'));
  for (const path of [
    'core/aws/b.test.ts',
    'core/aws/a.test.ts',
    'core/aws/a.ts',
    'core/testing/tests.test.ts',
    'tests/e2e/deep/c.test.ts',
    'tests/e2e/d.test.ts',
    'tests/image/e.test.ts',
    'node_modules/x/f.test.ts',
    'core/node_modules/x/g.test.ts',
    'dist/h.test.ts',
    '.wallcrawler/i.test.ts',
  ]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
});
files.after(() => rmSync(root, { recursive: true }));
const found = (name: string, ...filters: readonly string[]) => findTestFiles(root, SUITES[name], filters);

files('are those beside the code for unit, in order, and nothing that is built or installed', () => {
  assert.equal(found('unit'), ['core/aws/a.test.ts', 'core/aws/b.test.ts', 'core/testing/tests.test.ts']);
});

files('are those of their folder for the others, at every depth', () => {
  assert.equal(found('e2e'), ['tests/e2e/d.test.ts', 'tests/e2e/deep/c.test.ts']);
  assert.equal(found('image'), ['tests/image/e.test.ts']);
  assert.equal(found('policy'), []);
});

files('are those whose path holds one of the words', () => {
  assert.equal(found('unit', 'aws/a'), ['core/aws/a.test.ts']);
  assert.equal(found('unit', 'aws/a', 'testing'), ['core/aws/a.test.ts', 'core/testing/tests.test.ts']);
  assert.equal(found('unit', 'nowhere'), []);
});

files('that take long, or need a container engine, are run only where somebody asks for them', () => {
  const onRequest = Object.keys(SUITES).filter((name) => SUITES[name].isOnRequest);
  assert.equal(onRequest, ['faults-long', 'long', 'image']);
});

files.run();

// ---

const lanes = suite('what runs next');

lanes('is a file of the suite that runs one at a time, and beside it those of the others', () => {
  const lane = (concurrency: number, queue: readonly string[]) => ({
    suite: { concurrency },
    queue: [...queue],
    running: 0,
  });
  const [unit, e2e] = [lane(2, ['u1', 'u2', 'u3']), lane(1, ['e1', 'e2'])];
  const begun: string[] = [];
  const begin = () => {
    const next = nextLane([unit, e2e]);
    if (next === undefined) return;
    next.running += 1;
    begun.push(next.queue.shift());
  };
  begin();
  begin();
  assert.equal(begun, ['e1', 'u1']);
  e2e.running -= 1;
  begin();
  begin();
  assert.equal(begun, ['e1', 'u1', 'e2', 'u2']);
  begin();
  assert.is(begun.length, 4, 'neither suite runs more than it may');
  unit.running -= 1;
  begin();
  begin();
  assert.is(begun.at(-1), 'u3');
  assert.is(begun.length, 5, 'and nothing is left');
});

lanes.run();
