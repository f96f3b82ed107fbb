import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from './support/pages.ts';
import { runExample } from './support/run-example.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
let site: Site;

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
    assert.match(await runExample(name, { wallcrawler, site }), wanted);
  });
}

examples.run();
