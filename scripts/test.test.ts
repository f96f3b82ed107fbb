import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = dirname(import.meta.dirname);
const SCRIPT = join(import.meta.dirname, 'test.mjs');

function makeTree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'runner-'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), source);
  }
  return root;
}

/** Runs the runner over `files` and returns its exit code, its output and the last line of that. */
function run(files: Record<string, string>, ...args: string[]) {
  const root = makeTree(files);
  try {
    const child = spawnSync(process.execPath, [SCRIPT, '--no-build', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    return { code: child.status, output: child.stdout, last: child.stdout.trimEnd().split('\n').at(-1) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

// A test file: `tests` is its body, `end` what follows.
const file = (tests: string, end = 't.run();') =>
  `import { suite } from 'uvu';\nimport * as assert from 'uvu/assert';\nconst t = suite('fixture');\n${tests}\n${end}\n`;
const PASS = `t('passes', () => {});`;
const FAIL = `t('fails on purpose', () => { assert.is(1, 2); });`;

const t = suite('test runner');

t('tells at the end again what has failed', () => {
  const { last, output } = run({ 'a.test.ts': file(FAIL), 'core/b.test.ts': file(PASS) }, 'unit');
  assert.is(last, '1 passed, 1 failed');
  assert.match(
    output.slice(output.indexOf('What failed:')),
    /^FAIL {2}a\.test\.ts: .*\n(.*\n)*.*fails on purpose/m,
  );
});

t('counts the tests of every file and ends with the count', () => {
  const { code, last, output } = run(
    { 'a.test.ts': file(PASS + PASS), 'core/b.test.ts': file(PASS) },
    'unit',
  );
  assert.is(last, '3 passed, 0 failed');
  assert.is(code, 0);
  assert.match(output, /^ok {4}core\/b\.test\.ts {2}1 in/m);
});

t('counts failures, shows their output and exits with 1', () => {
  const { code, last, output } = run({ 'a.test.ts': file(PASS + FAIL), 'b.test.ts': file(PASS) }, 'unit');
  assert.is(last, '2 passed, 1 failed');
  assert.is(code, 1);
  assert.match(output, 'fails on purpose');
});

t('fails on a suite that is never run', () => {
  const { last, output } = run({ 'a.test.ts': file(PASS, '') }, 'unit');
  assert.is(last, '0 passed, 1 failed');
  assert.match(output, 'the suite t has no t.run()');
});

t('fails on a file that ran nothing', () => {
  assert.is(run({ 'a.test.ts': file('') }, 'unit').last, '0 passed, 1 failed');
  assert.is(run({ 'a.test.ts': file(PASS, 'if (false) t.run();') }, 'unit').last, '0 passed, 1 failed');
  assert.is(run({ 'a.test.ts': file('process.exit(0);') }, 'unit').last, '0 passed, 1 failed');
});

t('fails on a file that left one test alone', () => {
  assert.is(
    run({ 'a.test.ts': file(`${PASS}\nt.only('one', () => {});`) }, 'unit').last,
    '0 passed, 1 failed',
  );
});

t('fails on a pattern that matches no file', () => {
  const { code, last } = run({ 'a.test.ts': file(PASS) }, 'e2e');
  assert.is(last, '0 passed, 1 failed');
  assert.is(code, 1);
  assert.is(run({ 'a.test.ts': file(PASS) }, 'unit', 'nowhere').last, '0 passed, 1 failed');
});

t('keeps suites apart', () => {
  const files = {
    'a.test.ts': file(PASS),
    'tests/e2e/b.test.ts': file(PASS + PASS),
    'tests/contract/c.test.ts': file(PASS + PASS + PASS),
  };
  assert.is(run(files, 'unit').last, '1 passed, 0 failed');
  assert.is(run(files, 'e2e').last, '2 passed, 0 failed');
  assert.is(run(files, 'contract').last, '3 passed, 0 failed');
  assert.is(run(files, 'e2e', 'contract').last, '5 passed, 0 failed');
});

t('takes part of a path for the files of every suite that have it', () => {
  const files = {
    'core/aws/a.test.ts': file(PASS),
    'core/http/b.test.ts': file(PASS + PASS),
    'tests/e2e/core.test.ts': file(PASS + PASS + PASS),
  };
  assert.is(run(files, 'core/aws').last, '1 passed, 0 failed');
  assert.is(run(files, './core/http/').last, '2 passed, 0 failed');
  assert.is(run(files, 'core').last, '6 passed, 0 failed');
  assert.is(run(files, 'core/aws', 'tests/e2e').last, '4 passed, 0 failed');
  assert.is(run(files, 'e2e', 'core').last, '3 passed, 0 failed', 'of one suite alone');
});

// Fails in its first run, as a file does that is late on a busy machine: the mark lies in the tree, which goes.
const LATE_ONCE = (mark: string) =>
  file(`import { existsSync, writeFileSync } from 'node:fs';
${PASS}
t('is late once', () => {
  const isFirst = !existsSync('${mark}');
  writeFileSync('${mark}', '');
  assert.not(isFirst, 'late');
});`);

t('looks again at a file that failed beside others, alone, and calls it flaky', () => {
  const files = { 'a.test.ts': LATE_ONCE('mark'), 'b.test.ts': file(PASS) };
  const { code, last, output } = run(files, 'unit', '--look-again');
  assert.equal([code, last], [0, '3 passed, 0 failed']);
  assert.match(output, /^FLAKY a\.test\.ts: 1 of 2 failed, exit code 1; alone it passed\n(.*\n)*.*late/m);
  assert.is(run(files, 'unit').last, '2 passed, 1 failed', 'where it was not asked to');
});

t('fails on what fails again, and looks at no more than two', () => {
  const again = run({ 'a.test.ts': file(PASS + FAIL), 'b.test.ts': file(PASS) }, 'unit', '--look-again');
  assert.equal([again.code, again.last], [1, '2 passed, 1 failed']);
  const three = Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.test.ts`, LATE_ONCE(name)]));
  assert.is(run(three, 'unit', '--look-again').last, '3 passed, 3 failed');
});

// A file that never ends, with a child that would outlive it; the child's pid is written to `pidFile`.
const hang = (pidFile: string) =>
  file(
    `import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
t('hangs', async () => {
  const child = spawn('sleep', ['600'], { stdio: 'inherit' });
  writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
  process.on('SIGTERM', () => {});
  await new Promise(() => setInterval(() => {}, 1000));
});`,
  );

/** Whether a process runs; one that has ended but was not waited for does not. */
function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

t('kills a file that hangs, with all it started, and counts it as failed', () => {
  const pidFile = join(tmpdir(), `runner-pid-${process.pid}`);
  try {
    const { code, last } = run({ 'a.test.ts': hang(pidFile) }, 'unit', '--file-limit-ms', '1500');
    assert.is(last, '0 passed, 1 failed');
    assert.is(code, 1);
    assert.not(isRunning(Number(readFileSync(pidFile, 'utf8'))));
  } finally {
    rmSync(pidFile, { force: true });
  }
});

t('ends when all together takes too long', () => {
  const pidFile = join(tmpdir(), `runner-pid-${process.pid}`);
  try {
    const { last } = run(
      { 'a.test.ts': hang(pidFile), 'b.test.ts': file(PASS) },
      'unit',
      '--total-limit-ms',
      '1500',
    );
    assert.is(last, '1 passed, 2 failed');
  } finally {
    rmSync(pidFile, { force: true });
  }
});

t('ends its children and still counts on Ctrl-C', async () => {
  const pidFile = join(tmpdir(), `runner-pid-${process.pid}-int`);
  const root = makeTree({ 'a.test.ts': hang(pidFile) });
  try {
    const child = spawn(process.execPath, [SCRIPT, 'unit', '--no-build'], { cwd: root });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    while (!existsSync(pidFile)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    assert.is(code, 1);
    assert.is(output.trimEnd().split('\n').at(-1), '0 passed, 2 failed');
    assert.not(isRunning(Number(readFileSync(pidFile, 'utf8'))));
  } finally {
    rmSync(root, { recursive: true, force: true });
    rmSync(pidFile, { force: true });
  }
});

t.run();
