/** The suites of tests: which files they are, how many run at a time and how long each may take. */
import { globSync } from 'node:fs';

const MINUTE_MS = 60_000;
const IGNORED = new Set(['node_modules', 'dist', '.git', '.wallcrawler']);

export const SUITES = {
  unit: { pattern: '**/*.test.ts', exclude: 'tests', concurrency: 2, limitMs: 4 * MINUTE_MS },
  contract: { pattern: 'tests/contract/**/*.test.ts', concurrency: 2, limitMs: 2 * MINUTE_MS },
  policy: { pattern: 'tests/policy/**/*.test.ts', concurrency: 2, limitMs: 2 * MINUTE_MS },
  security: { pattern: 'tests/security/**/*.test.ts', concurrency: 1, limitMs: 10 * MINUTE_MS },
  // A few stories of faults; `npm run test:faults` tells ten thousand, and those of faults/long.
  faults: { pattern: 'tests/faults/*.test.ts', concurrency: 1, limitMs: 3 * MINUTE_MS },
  'faults-long': {
    pattern: 'tests/faults/long/*.test.ts',
    concurrency: 1,
    limitMs: 10 * MINUTE_MS,
    isOnRequest: true,
  },
  e2e: { pattern: 'tests/e2e/**/*.test.ts', concurrency: 1, limitMs: 10 * MINUTE_MS },
  // What takes a minute and more: many sessions at once, or one after the other.
  long: { pattern: 'tests/long/**/*.test.ts', concurrency: 1, limitMs: 15 * MINUTE_MS, isOnRequest: true },
  // Needs a container engine.
  image: { pattern: 'tests/image/**/*.test.ts', concurrency: 1, limitMs: 20 * MINUTE_MS, isOnRequest: true },
};

/** So many files run at once, of whichever suites. */
export const AT_ONCE = 2;

/**
 * The suite from which the next file comes: of those that may run one more, the one that runs the fewest at a time. Such
 * files are long, and the others fill the second core beside them.
 */
export const nextLane = (lanes) =>
  lanes
    .filter(({ queue, running, suite }) => queue.length > 0 && running < suite.concurrency)
    .sort((one, other) => one.suite.concurrency - other.suite.concurrency)[0];

/** More failures than these are no matter of a busy machine. */
const MAX_SECOND_TRIES = 2;
export const mayTryAgain = (failedFiles) => failedFiles <= MAX_SECOND_TRIES;

/** The files of a suite whose path holds one of `filters` (all when there is none). */
export function findTestFiles(root, { pattern, exclude }, filters) {
  const files = globSync(pattern, { cwd: root, exclude: (name) => IGNORED.has(name) || name === exclude });
  return files.filter((file) => filters.length === 0 || filters.some((part) => file.includes(part))).sort();
}

/** Why the source of a test file cannot be trusted to run what it declares, or undefined. uvu would say nothing. */
export function sourceFault(source) {
  const named = [...source.matchAll(/(?:const|let)\s+(\w+)\s*=\s*suite(?:<[^>]*>)?\(/g)].map(
    ([, name]) => name,
  );
  const idle = named.find((name) => !new RegExp(`\\b${name}\\.run\\(\\)`).test(source));
  if (idle !== undefined) return `the suite ${idle} has no ${idle}.run()`;
  if (named.length === 0) return 'it declares no suite';
  return /^\s*\w+\.only\(/m.test(source) ? 'it runs with .only' : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with the escape character.
const COLOURS = /\u001b\[\d+m/g;

/** Counts from uvu's summary; undefined when there is none. */
function readSummary(output) {
  const found = [
    ...output.replace(COLOURS, '').matchAll(/^ {2}Total:\s+(\d+)\s+Passed:\s+(\d+)\s+Skipped:\s+(\d+)/gm),
  ].at(-1);
  if (found === undefined) return undefined;
  const [total, passed, skipped] = found.slice(1).map(Number);
  return { total, passed, skipped };
}

/** What a finished file counts for. One that ran nothing, or never ended, is a failure whatever its exit code. */
export function judgeRun({ code, output, stdout = output, isTimedOut, alive = 0 }, limitMs) {
  // What is said on the other stream may come in the middle of it.
  const { total, passed } = readSummary(stdout) ?? { total: 0, passed: 0 };
  const failed = Math.max(1, total - passed);
  if (isTimedOut) return { passed, failed, fault: `killed after ${limitMs / 1000} s` };
  if (code !== 0) return { passed, failed, fault: `${total - passed} of ${total} failed, exit code ${code}` };
  if (alive > 0) return { passed, failed, fault: `${alive} processes that it left cannot be ended` };
  if (total === 0) return { passed: 0, failed: 1, fault: 'it ran no test' };
  // uvu exits with 0 and names no failure when a hook fails after a test that failed.
  if (passed < total) return { passed, failed, fault: `${passed} of ${total} passed, exit code 0` };
  return { passed, failed: 0 };
}
