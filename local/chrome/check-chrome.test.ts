import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TASK_UIDS } from '../aws/ecs/host-resources.ts';
import { awaitCondition } from '../aws/testing/await-condition.ts';
import { identityOf } from '../processes/process-table.ts';
import { NotChrome, readChromeVersion } from './check-chrome.ts';

let folder: string;
/** An executable that does `commands`. */
function program(commands: string): string {
  const path = join(folder, 'program');
  writeFileSync(path, `#!/bin/sh\n${commands}\n`, { mode: 0o755 });
  return path;
}
const refusal = async (path: string, options?: { timeoutMs?: number; uid?: number }): Promise<string> => {
  try {
    return `accepted: ${await readChromeVersion(path, options)}`;
  } catch (error) {
    assert.instance(error, NotChrome);
    return (error as Error).message;
  }
};

const t = suite('readChromeVersion');
t.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'chrome-'));
});
t.after.each(() => rmSync(folder, { recursive: true, force: true }));

t('answers what a Chrome says of itself', async () => {
  for (const version of [
    'Chromium 150.0.7871.100',
    'Google Chrome 150.0.1',
    'Google Chrome for Testing 151.0.1',
  ]) {
    const path = program(`[ "$1" = --version ] && echo 'a warning' && echo '${version} '`);
    assert.is(await readChromeVersion(path), version);
  }
});

t('refuses what is no Chrome in one sentence that names it', async () => {
  const path = program('exit 0');
  assert.is(
    await refusal(path),
    `${path} is no Chrome that runs here (it does not say so when asked --version): set CHROME_PATH to a Chrome or Chromium.`,
  );
  assert.match(await refusal(program('echo GNU bash 5.2')), 'does not say so');
  assert.match(await refusal(program('echo Chromium 1; exit 3')), '--version ended with code 3');
  assert.match(await refusal(program('kill -SEGV $$')), '--version ended with SIGSEGV');
  assert.match(await refusal(join(folder, 'missing')), 'it cannot be run: ENOENT');
});

t('does not wait for one that never answers, and ends all of it', async () => {
  const pidFile = join(folder, 'pid');
  const path = program(`sleep 60 & echo $! > ${pidFile}; wait`);
  assert.match(await refusal(path, { timeoutMs: 3_000 }), 'it did not answer --version in 3 s');
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await awaitCondition(() => identityOf(pid) === undefined, 'its child ends');
});

t('reads no more than a little of one that never stops talking', async () => {
  assert.match(await refusal(program('yes | head -c 300000')), 'does not say so');
});

// Only root can run it as another user.
(process.getuid?.() === 0 ? t : t.skip)('refuses one that the user of a session may not run', async () => {
  const path = program("echo 'Chromium 150.0'");
  assert.match(
    await refusal(path, { uid: TASK_UIDS.last }),
    /a user of its own for it, who may not enter its folder/,
  );
  chmodSync(folder, 0o711);
  assert.is(await refusal(path, { uid: TASK_UIDS.last }), 'accepted: Chromium 150.0');
});

t.run();
