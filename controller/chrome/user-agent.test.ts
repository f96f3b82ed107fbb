import { writeFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeFakeBrowser } from '../testing/fake-browser.ts';
import { ChromeLaunchError } from './launch.ts';
import { readUserAgent } from './user-agent.ts';

const userAgent = suite('readUserAgent');
const signal = new AbortController().signal;
const from = (executable: string, given = signal) =>
  readUserAgent({ executable, env: { PATH: '/usr/bin:/bin' }, cwd: '/', signal: given });
const faultOf = (reading: Promise<string>) =>
  reading.then(
    () => assert.unreachable() as never,
    (error: Error) => [error instanceof ChromeLaunchError, error.message],
  );

userAgent('is that of a whole Chrome of this version', async () => {
  const fake = await writeFakeBrowser();
  assert.is(
    await from(fake.executable),
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
  );
  await fake.remove();
});

userAgent('asks nobody for a version that is known', async () => {
  const given = { executable: '/nowhere/chrome', env: {}, cwd: '/', signal };
  assert.match(await readUserAgent(given, 'Chromium 156.0.8078.108'), / Chrome\/156\.0\.0\.0 Safari/);
});

userAgent('is not guessed when there is no Chrome, none that answers, or no time left', async () => {
  assert.equal(await faultOf(from('/nowhere/chrome')), [true, 'Chrome could not be executed (ENOENT)']);
  assert.equal(await faultOf(from('/bin/false')), [true, 'Chrome exited at once (code 1)']);
  assert.equal(await faultOf(from('/bin/true')), [true, 'Chrome did not say its version']);
  const given = await faultOf(from('/bin/true', AbortSignal.abort()));
  assert.equal(given, [true, 'The launch was given up']);
});

userAgent('says what a Chrome that cannot run said last', async () => {
  const fake = await writeFakeBrowser();
  await writeFile(fake.executable, '#!/bin/sh\necho no libfoo.so >&2; exit 127\n');
  const message = 'Chrome exited at once (code 127). The last lines of its stderr: no libfoo.so';
  assert.equal(await faultOf(from(fake.executable)), [true, message]);
  await fake.remove();
});

userAgent.run();
