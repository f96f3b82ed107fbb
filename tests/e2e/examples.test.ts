import { execFile } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from './support/pages.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

let wallcrawler: Wallcrawler;
let site: Site;

function runExample(name: string): Promise<string> {
  const env = {
    ...process.env,
    BROWSERBASE_BASE_URL: wallcrawler.url,
    BROWSERBASE_API_KEY: wallcrawler.apiKey,
    TARGET_URL: site.url,
  };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [`examples/${name}.mjs`],
      { cwd: ROOT, env, timeout: 60_000 },
      (error, output, errors) =>
        error === null
          ? resolve(output)
          : reject(new Error(`${name}: ${error.message}\n${output}\n${errors}`)),
    );
  });
}

const examples = suite('examples');

examples.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler();
});

examples.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

for (const [name, wanted] of [
  ['sdk', /is RUNNING\nfound it among 1 running\ninspector of 1 page/],
  ['playwright', /title: Home\nscreenshot: \d{4,} bytes/],
  ['puppeteer', /title: Home/],
  ['context', /the second session knows: me/],
] as const) {
  examples(`examples/${name}.mjs runs as it is`, async () => {
    assert.match(await runExample(name), wanted);
  });
}

examples.run();
