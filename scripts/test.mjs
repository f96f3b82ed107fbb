/**
 * Runs the tests: build, types, lint and every test file, each file in a process group of its own under a wall-clock
 * limit and with a temporary folder of its own; no process and no folder of a file outlives it. The last line of stdout is `N passed, N failed`.
 *
 *   node scripts/test.mjs [unit|contract|policy|security|faults|e2e|long|image ...] [part of a path ...] [--no-build]
 *                         [--look-again] [--file-limit-ms N] [--total-limit-ms N]
 *
 * Without a suite all of them run but `long` and `image`, types and lint as well. There, or with `--look-again`, up to two
 * files that failed beside others run once more alone: what passes then is called flaky at the end, and fails nothing.
 */
import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { endAll, runCommand } from './run-command.mjs';
import { Belongings } from './test-belongings.mjs';
import {
  AT_ONCE,
  findTestFiles,
  judgeRun,
  mayTryAgain,
  nextLane,
  SUITES,
  sourceFault,
} from './test-suites.mjs';

const STEP_LIMIT_MS = 180_000;
const TOTAL_LIMIT_MS = 45 * 60_000;
const root = process.cwd();
// What many files import is compiled once: a third of the processor's time of a short file. `npm ci` empties it.
const COMPILE_CACHE = join(root, 'node_modules/.cache/test-compile-cache');
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'no-build': { type: 'boolean', default: false },
    'look-again': { type: 'boolean', default: false },
    'file-limit-ms': { type: 'string' },
    'total-limit-ms': { type: 'string', default: String(TOTAL_LIMIT_MS) },
  },
});
const isSuite = (argument) => Object.hasOwn(SUITES, argument);
const chosen = positionals.filter(isSuite);
// As a shell completes them: ./local/chrome, or the whole path.
const filters = positionals
  .filter((argument) => !isSuite(argument))
  .map((part) => normalize(part.replace(`${root}/`, '')));
const isUsual = (name) => SUITES[name].isOnRequest !== true;
const isEverything = positionals.length === 0;
const looksAgain = isEverything || options['look-again'];

const count = { passed: 0, failed: 0 };
const failures = [];
/** What failed beside other files, by its file: it may have to run again. */
const suspects = new Map();
const flaky = [];
/** Of the files that run now. */
const open = new Set();
let interruption;

function report({ name, passed, failed, seconds, fault, output, ended = 0 }) {
  count.passed += passed;
  count.failed += failed;
  const rest = ended === 0 ? '' : `; ended ${ended} processes that it left`;
  if (fault === undefined) console.log(`ok    ${name}  ${passed} in ${seconds.toFixed(1)} s${rest}`);
  else {
    failures.push(`FAIL  ${name}: ${fault}\n${output.trimEnd().replace(/^/gm, '      ')}`);
    console.log(failures.at(-1));
  }
}

/** A step that is no test: it adds nothing when it passes and one failure when it does not. */
async function runStep(name, command, args) {
  if (interruption !== undefined) return;
  const { code, output, isTimedOut, seconds } = await runCommand(command, args, {
    cwd: root,
    limitMs: STEP_LIMIT_MS,
  });
  if (code === 0) console.log(`ok    ${name}  in ${seconds.toFixed(1)} s`);
  else {
    const fault = isTimedOut ? `it took longer than ${STEP_LIMIT_MS / 1000} s` : `exit code ${code}`;
    report({ name, passed: 0, failed: 1, seconds, fault, output });
  }
}

async function runFile(file, { limitMs }) {
  if (interruption !== undefined) return;
  const fault = sourceFault(readFileSync(join(root, file), 'utf8'));
  if (fault !== undefined) return report({ name: file, passed: 0, failed: 1, seconds: 0, fault, output: '' });
  const limit = Number(options['file-limit-ms'] ?? limitMs);
  const belongings = new Belongings();
  open.add(belongings);
  let ending;
  const result = await runCommand(process.execPath, [join(root, file)], {
    cwd: root,
    limitMs: limit,
    env: {
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...process.env,
      TMPDIR: belongings.folder,
      NO_COLOR: '1',
      FORCE_COLOR: '0',
    },
    onStart: (pid) => belongings.watch(pid),
    onExit: () => {
      ending = belongings.end();
    },
  });
  const { ended, alive } = await (ending ?? belongings.end());
  open.delete(belongings);
  const { seconds, output } = result;
  const judged = { name: file, ...judgeRun({ ...result, alive }, limit), seconds, output, ended };
  if (judged.fault !== undefined && looksAgain && !suspects.has(file)) {
    suspects.set(file, { limitMs, judged });
    console.log(`?     ${file}: ${judged.fault}; looked at again at the end`);
    return;
  }
  report(judged);
  if (judged.fault === undefined && suspects.has(file)) flaky.push(suspects.get(file).judged);
}

/** With real browsers on a busy machine one file in thousands is late. Alone it has no such excuse. */
async function lookAgain() {
  const isFew = mayTryAgain(suspects.size);
  for (const [file, { limitMs, judged }] of suspects) {
    if (isFew && interruption === undefined) await runFile(file, { limitMs });
    else report(judged);
  }
}

/** All suites at once, AT_ONCE files in all and of each suite no more than it allows. Answers how many files each has. */
async function runSuites(names) {
  const lanes = names.map((name) => {
    const suite = SUITES[name];
    const files = findTestFiles(root, suite, filters);
    return { name, suite, found: files.length, queue: files, running: 0 };
  });
  const work = async () => {
    for (let lane = nextLane(lanes); lane !== undefined; lane = nextLane(lanes)) {
      lane.running += 1;
      await runFile(lane.queue.shift(), lane.suite);
      lane.running -= 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return lanes;
}

async function runSteps() {
  if (!options['no-build'])
    await runStep('build', process.execPath, ['scripts/build.mjs', '--quiet', '--if-stale']);
  if (!isEverything) return;
  const bin = (name) => join(root, 'node_modules/.bin', name);
  await runStep('types', bin('tsc'), ['--noEmit']);
  await runStep('types of pages', bin('tsc'), ['--noEmit', '--project', 'pages']);
  await runStep('lint', bin('biome'), ['check', '.']);
  await runStep('imports', process.execPath, ['scripts/check-imports.mjs']);
}

async function runAll() {
  await runSteps();
  const lanes = await runSuites(chosen.length > 0 ? chosen : Object.keys(SUITES).filter(isUsual));
  const mayBeEmpty = filters.length > 0 || chosen.length === 0;
  const empty = lanes.find(({ found }) => found === 0);
  if (empty !== undefined && !mayBeEmpty) throw new Error(`There is no test file in the suite ${empty.name}`);
  if (lanes.every(({ found }) => found === 0))
    throw new Error(`No test file matches ${positionals.join(' ') || 'anything'}`);
  await lookAgain();
}

function interrupt(reason) {
  interruption ??= reason;
  endAll();
}

// Not once: npm passes on a Ctrl-C that the terminal has sent as well, and the second one would end this process at once.
process.on('SIGINT', () => interrupt('interrupted'));
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => interrupt('ended from outside'));
process.once('exit', () => {
  for (const belongings of open) belongings.endNow();
});
const totalLimitMs = Number(options['total-limit-ms']);
const limit = setTimeout(() => interrupt(`all took longer than ${totalLimitMs / 1000} s`), totalLimitMs);
try {
  await runAll();
} catch (error) {
  report({ name: 'test runner', passed: 0, failed: 1, seconds: 0, fault: error.message, output: '' });
}
clearTimeout(limit);
if (interruption !== undefined) {
  report({ name: 'test runner', passed: 0, failed: 1, seconds: 0, fault: interruption, output: '' });
}
for (const { name, fault, output } of flaky)
  console.log(`\nFLAKY ${name}: ${fault}; alone it passed\n${output.trimEnd().replace(/^/gm, '      ')}`);
// Thousands of lines further down than the first of them: who sees only the end of a log is to know what it was.
if (failures.length > 0) console.log(['', 'What failed:', ...failures].join('\n'));
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 ? 1 : 0;
