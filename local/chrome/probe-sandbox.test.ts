import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../aws/testing/serve-services.ts';
import { probeSandbox } from './probe-sandbox.ts';

const AS_US = { uid: undefined, isRoot: false };

/** A script in place of Chrome. */
const probing = (script: string, options: Parameters<typeof probeSandbox>[1] = AS_US) =>
  withFolder(async (folder) => {
    const path = join(folder, 'chrome');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return probeSandbox(path, options);
  });

const t = suite('the sandbox, at the start');

t('is on where a Chrome with one comes up', async () => {
  assert.is(await probing('exit 0'), 'on (Chrome runs as you)');
});

t('is off, with the reason, where the host denies it', async () => {
  const refused = 'echo "[FATAL:zygote_host_impl_linux.cc] No usable sandbox!" >&2; exit 1';
  assert.is(await probing(refused), 'off (this host does not allow it: user namespaces are denied)');
});

t('is off for a Chrome of root, which is not even tried', async () => {
  assert.is(await probing('exit 0', { uid: undefined, isRoot: true }), 'off (Chrome runs as root here)');
});

t('is not known where it could not be tried to an end', async () => {
  assert.is(await probing('exit 7'), 'unknown (Chrome ended with 7 when it was tried)');
  assert.is(
    await probing('sleep 30', { ...AS_US, limitMs: 50 }),
    'unknown (Chrome ended with a signal when it was tried)',
  );
});

t.run();
