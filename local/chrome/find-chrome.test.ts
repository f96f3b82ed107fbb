import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChromeNotFound, type FindChromeOptions, findChrome } from './find-chrome.ts';

const BINARY = '\x7fELF';
const SCRIPT = '#!/bin/sh\nexec real\n';

let folder: string;
const at = (path: string) => join(folder, path);
function put(path: string, content: string, mode = 0o755): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content, { mode });
  return at(path);
}
const find = (extra: Partial<FindChromeOptions> = {}) =>
  findChrome({
    chromePath: undefined,
    searchPath: `${at('empty')}:${at('bin')}`,
    paths: [at('usr/lib/chromium/chromium'), at('opt/chrome/chrome')],
    fetchers: [],
    onStep: () => undefined,
    ...extra,
  });
const refusal = (promise: Promise<string>) =>
  promise.then(
    () => 'found',
    (error: Error) => {
      assert.instance(error, ChromeNotFound);
      return error.message;
    },
  );

const t = suite('findChrome');
t.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'chrome-'));
});
t.after.each(() => rmSync(folder, { recursive: true, force: true }));

t('takes the one that CHROME_PATH names, before any other', async () => {
  put('usr/lib/chromium/chromium', BINARY);
  assert.is(await find({ chromePath: put('mine', BINARY) }), at('mine'));
});

t('refuses a CHROME_PATH that cannot be executed', async () => {
  put('usr/lib/chromium/chromium', BINARY);
  for (const chromePath of [at('missing'), put('plain', BINARY, 0o644), folder]) {
    assert.match(
      await refusal(find({ chromePath })),
      `CHROME_PATH is ${chromePath}, which is not an executable file.`,
    );
  }
});

t('looks at the usual paths, then along the PATH', async () => {
  put('bin/google-chrome', BINARY);
  assert.is(await find(), at('bin/google-chrome'));
  put('bin/chromium', BINARY);
  assert.is(await find(), at('bin/chromium'));
  put('opt/chrome/chrome', BINARY);
  assert.is(await find(), at('opt/chrome/chrome'));
  put('usr/lib/chromium/chromium', BINARY, 0o644);
  assert.is(await find(), at('opt/chrome/chrome'));
});

t('prefers the binary to the shell script that starts it', async () => {
  const chromePath = put('bin/chromium', SCRIPT);
  put('opt/chrome/chrome', BINARY);
  assert.is(await find({ chromePath }), at('opt/chrome/chrome'));
  put('elsewhere/google-chrome', SCRIPT);
  put('elsewhere/chrome', BINARY);
  symlinkSync(at('elsewhere/google-chrome'), at('bin/google-chrome'));
  assert.is(await find({ chromePath: at('bin/google-chrome') }), at('elsewhere/chrome'));
});

t('keeps a script when there is no binary behind it', async () => {
  assert.is(await find({ chromePath: put('bin/chromium', SCRIPT) }), at('bin/chromium'));
});

t('fetches one when there is none, and says what it does', async () => {
  const steps: string[] = [];
  const fetchers = [
    { announcement: 'first', fetch: () => Promise.reject(new Error('no network')) },
    { announcement: 'second', fetch: async () => put('cache/chrome', BINARY) },
  ];
  assert.is(await find({ fetchers, onStep: (text) => steps.push(text) }), at('cache/chrome'));
  assert.equal(steps, ['first', 'second']);
});

t('says in one sentence what to do when there is none to be had', async () => {
  const fetchers = [{ announcement: 'first', fetch: () => Promise.reject(new Error('no network')) }];
  assert.is(
    await refusal(find({ fetchers })),
    'There is no Chrome on this machine and none could be fetched (tried: no network): install Chromium or Google Chrome, or set CHROME_PATH to its executable.',
  );
});

t.run();
