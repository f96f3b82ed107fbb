import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const SCRIPT = join(import.meta.dirname, 'test.mjs');
const SESSION_ROOT = join(import.meta.dirname, '../local/data/session-root.ts');

interface Record {
  readonly pids: Readonly<{ [kind: string]: number }>;
  readonly folders: readonly string[];
}

let root: string;
let recordFile: string;

/** A test file that starts processes of every kind that escapes a process group, makes folders, and then does `end`. */
const leaves = (end: string): string => `
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import { createSessionRoot } from ${JSON.stringify(SESSION_ROOT)};

const t = suite('leaves');
t('leaves', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'data-'));
  const sessionRoot = createSessionRoot(folder);
  sessionRoot.make();
  mkdirSync(join(sessionRoot.path, 'session'));
  const start = (args, options = {}) => {
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore', ...options, ...args });
    child.unref();
    return child.pid;
  };
  const isRoot = process.getuid() === 0;
  const other = isRoot ? { uid: 65534, gid: 65534 } : {};
  const named = (mark) => {
    const child = spawn('/bin/sh', ['-c', 'sleep 600; true', mark], { detached: true, stdio: 'ignore', env: {}, ...other });
    child.unref();
    return child.pid;
  };
  const pids = {
    'in the group': start({ detached: false }),
    'detached': start({}),
    'detached, of an environment with the folder alone': start({ env: { HOME: folder } }),
    'of another user, with the session folder in its command line': named(join(sessionRoot.path, 'session')),
    'of another user, with the data folder in its command line': named(folder),
  };
  const record = { pids, folders: [tmpdir(), sessionRoot.path] };
  writeFileSync(${JSON.stringify(recordFile)} + '.part', JSON.stringify(record));
  renameSync(${JSON.stringify(recordFile)} + '.part', ${JSON.stringify(recordFile)});
  ${end}
});
t.run();
`;

/** Whether a process runs; one that has ended but was not waited for does not. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Runs the runner over a file that ends like this. Answers what the file had, and the runner's last line. */
async function run(end: string, ...options: string[]) {
  writeFileSync(join(root, 'a.test.ts'), leaves(end));
  const child = spawn(process.execPath, [SCRIPT, 'unit', '--no-build', ...options], { cwd: root });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const closed = once(child, 'close');
  return {
    child,
    closed,
    last: async () => (await closed) && output.trimEnd().split('\n').at(-1),
    text: () => output,
  };
}

function assertNothingLeft(): void {
  const { pids, folders } = JSON.parse(readFileSync(recordFile, 'utf8')) as Record;
  assert.is(Object.keys(pids).length, 5);
  const running = Object.entries(pids).filter(([, pid]) => isRunning(pid));
  for (const [, pid] of running) process.kill(pid, 'SIGKILL');
  assert.equal(
    running.map(([kind]) => kind),
    [],
  );
  assert.equal(folders.filter(existsSync), []);
}

const until = async (what: string, isSo: () => boolean): Promise<void> => {
  const startedAt = Date.now();
  while (!isSo()) {
    if (Date.now() - startedAt > 20_000) throw new Error(`${what} did not happen in time`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const t = suite('what a test file leaves');
t.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'leaves-'));
  recordFile = join(root, 'record.json');
  symlinkSync(join(import.meta.dirname, '../node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
});
t.after.each(() => rmSync(root, { recursive: true, force: true }));

const ENDS: readonly [how: string, end: string, last: string, options?: string[]][] = [
  ['passes', '', '1 passed, 0 failed'],
  [
    'dies of SIGKILL',
    `process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});`,
    '0 passed, 1 failed',
  ],
  [
    'dies of an exception',
    `setImmediate(() => { throw new Error('uncaught'); }); await new Promise(() => {});`,
    '0 passed, 1 failed',
  ],
  ['exits', 'process.exit(0);', '0 passed, 1 failed'],
  [
    'meets its limit',
    `process.on('SIGTERM', () => {}); await new Promise(() => setInterval(() => {}, 1000));`,
    '0 passed, 1 failed',
    ['--file-limit-ms', '2500'],
  ],
];
for (const [how, end, expected, options = []] of ENDS) {
  t(`is gone when the file ${how}`, async () => {
    const { last, text } = await run(end, ...options);
    assert.is(await last(), expected, text());
    assertNothingLeft();
  });
}

t('is told of a file that passes', async () => {
  const { last, text } = await run('');
  await last();
  assert.match(text(), /^ok {4}a\.test\.ts {2}1 in [\d.]+ s; ended \d+ processes that it left$/m);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  t(`is gone when the runner gets ${signal}, twice`, async () => {
    const { child, closed, last } = await run('await new Promise(() => setInterval(() => {}, 1000));');
    await until('the start of the file', () => existsSync(recordFile));
    child.kill(signal);
    child.kill(signal);
    assert.equal(await closed, [1, null]);
    assert.is(await last(), '0 passed, 2 failed');
    assertNothingLeft();
  });
}

t('is gone although nothing names the file, if it was seen below it', async () => {
  // The parent has a folder in its environment and dies; its child has neither a name of ours nor a parent then.
  const pidFile = join(root, 'pid');
  const { last } = await run(
    `const script = 'env -i sleep 600 & echo $! > ${pidFile}; sleep 1';
    spawn('/bin/sh', ['-c', script], { detached: true, cwd: '/', stdio: 'ignore' });
    await new Promise(() => setInterval(() => {}, 1000));`,
    '--file-limit-ms',
    '3000',
  );
  assert.is(await last(), '0 passed, 1 failed');
  assert.not(isRunning(Number(readFileSync(pidFile, 'utf8'))));
});

t.run();
