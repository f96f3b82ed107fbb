import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readOrCreateApiKey, replaceApiKey } from './api-key-file.ts';

const t = suite('API key file');

t('is made once, and only its owner may ever read it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-key-'));
  try {
    const key = readOrCreateApiKey(folder);
    assert.match(key, /^wc_[\w-]{32}$/);
    chmodSync(join(folder, 'api-key'), 0o644);
    assert.is(readOrCreateApiKey(folder), key);
    assert.is(statSync(join(folder, 'api-key')).mode & 0o777, 0o600);
    const next = replaceApiKey(folder);
    assert.is.not(next, key);
    assert.is(readOrCreateApiKey(folder), next);
    assert.is(statSync(join(folder, 'api-key')).mode & 0o777, 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

t.run();
