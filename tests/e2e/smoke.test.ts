import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from './support/pages.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

let wallcrawler: Wallcrawler;
let site: Site;

/** What `npm run smoke` runs, against the machine of this test. */
async function smoke(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['scripts/smoke.mjs', ...args], { cwd: ROOT, timeout: 120_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}

const t = suite('npm run smoke');

t.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler();
});

t.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

t('passes against npm start, and leaves nothing behind', async () => {
  const { code, output } = await smoke(wallcrawler.url, wallcrawler.apiKey, '--target-url', site.url);
  assert.is(code, 0, output);
  assert.match(output, /ok {4}evaluate {2}\d+ ms/);
  assert.match(output, /ok {4}context read {2}\d+ ms/);
  assert.match(output, /smoke test passed\n$/);
  const running = await wallcrawler.client().sessions.list({ status: 'RUNNING' });
  assert.is(running.length, 0);
});

t('fails, and names the step, when a step does not work', async () => {
  const { code, output } = await smoke(wallcrawler.url, 'wc_nobody', '--target-url', site.url);
  assert.is(code, 1);
  assert.match(output, /FAIL {2}create: 401/);
});

t('fails when the page cannot be reached, and releases its session', async () => {
  const { code, output } = await smoke(
    wallcrawler.url,
    wallcrawler.apiKey,
    '--target-url',
    'http://127.0.0.1:1/',
  );
  assert.is(code, 1);
  assert.match(output, /FAIL {2}navigate: .*ERR_/);
  assert.match(output, /ok {4}release/);
});

t('says how it is used', async () => {
  for (const args of [[], [wallcrawler.url], ['nowhere', 'key'], [wallcrawler.url, 'key', 'more']]) {
    const { code, output } = await smoke(...args);
    assert.is(code, 2, output);
  }
});

t.run();
