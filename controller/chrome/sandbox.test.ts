import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../core/log/logger.ts';
import { type Chrome, ChromeLaunchError } from './launch.ts';
import { hasSharedMemory, launchSandboxed } from './sandbox.ts';

const sandbox = suite('the sandbox of Chrome');

const CHROME = { pid: Number.NaN } as Chrome;

/** Launches that fail in turn with these errors; `tries` are with or without a sandbox. */
function launching(failures: readonly (Error | undefined)[], runsAsRoot = false) {
  const tries: boolean[] = [];
  const warnings: string[] = [];
  const logger = createLogger({}, (line) => warnings.push(JSON.parse(line).message));
  const launch = async (hasSandbox: boolean) => {
    const failure = failures[tries.push(hasSandbox) - 1];
    if (failure !== undefined) throw failure;
    return CHROME;
  };
  return { launched: launchSandboxed(launch, { runsAsRoot, logger }), tries, warnings };
}
const failed = (stderr: string) => new ChromeLaunchError('Chrome exited at once (code 1)', stderr);
const thrownBy = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

sandbox('is on where the host allows it, without a word', async () => {
  const { launched, tries, warnings } = launching([]);
  assert.equal(await launched, { chrome: CHROME, sandbox: 'on' });
  assert.equal([tries, warnings], [[true], []]);
});

sandbox('is not even tried as root, and that is said', async () => {
  const { launched, tries, warnings } = launching([], true);
  assert.equal(await launched, { chrome: CHROME, sandbox: 'off' });
  assert.equal(tries, [false]);
  assert.match(warnings.join(), 'it runs as root, set CHROME_UID to another user');
});

for (const stderr of [
  '[1:1:FATAL:zygote_host_impl_linux.cc(128)] No usable sandbox! If you are running on Ubuntu 23.10+',
  'The setuid sandbox is not running as root. Common causes:',
  '[1:1:ERROR] Running as root without --no-sandbox is not supported.',
  '[1:1:FATAL:credentials.cc(134)] Check failed: . : Operation not permitted (1)',
]) {
  sandbox(`is off, and that is said, on a host where Chrome says "${stderr.slice(0, 40)}…"`, async () => {
    const { launched, tries, warnings } = launching([failed(stderr)]);
    assert.equal(await launched, { chrome: CHROME, sandbox: 'off' });
    assert.equal(tries, [true, false]);
    assert.match(warnings.join(), 'this host does not allow it');
  });
}

for (const [what, error] of [
  ['a launch that failed for another reason', failed('error while loading shared libraries')],
  ['a launch that was given up', failed('')],
  ['a fault of the controller', new TypeError('no sandbox')],
] as const) {
  sandbox(`is never given up for ${what}`, async () => {
    const { launched, tries, warnings } = launching([error]);
    assert.is(await thrownBy(launched), error);
    assert.equal([tries, warnings], [[true], []]);
  });
}

sandbox('is not what a second failure is told to be', async () => {
  const second = failed('out of memory');
  const { launched, tries } = launching([failed('No usable sandbox'), second]);
  assert.is(await thrownBy(launched), second);
  assert.equal(tries, [true, false]);
});

sandbox.run();

const memory = suite('hasSharedMemory');

memory('is false where there is none to mount', () => {
  assert.is(hasSharedMemory('/nowhere/shm'), false);
});

memory('does not take what it cannot look at for none', () => {
  assert.throws(() => hasSharedMemory('/proc/self/stat/shm'), /ENOTDIR/);
});

memory('counts what is left, so that a file system without room has none', () => {
  // It has no blocks at all.
  assert.is(hasSharedMemory('/proc'), false);
});

memory.run();
