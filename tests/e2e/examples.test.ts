import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectCdp } from './support/cdp.ts';
import { type Site, startSite } from './support/pages.ts';
import { runExample } from './support/run-example.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
let site: Site;

const examples = suite('examples');

examples.before(async () => {
  site = await startSite();
  // The webhook's receiver is on this machine.
  wallcrawler = await startWallcrawler({ env: { WALLCRAWLER_ALLOWED_NETWORKS: '127.0.0.0/8' } });
});

examples.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

for (const [name, wanted] of [
  ['quickstart', /^Home\n$/],
  ['sdk', /is RUNNING\nfound it among 1 running\ninspector of 1 page/],
  ['playwright', /title: Home\nscreenshot: \d{4,} bytes/],
  ['puppeteer', /title: Home/],
  ['upload', /small.txt: 10, large.bin: 60000000/],
  ['context', /the second session knows: me/],
] as const) {
  examples(`examples/${name}.mjs runs as it is`, async () => {
    assert.match(await runExample(name, { wallcrawler, site }), wanted);
  });
}

examples('examples/webhook.mjs runs as it is, while another session of its project ends', async () => {
  const client = wallcrawler.client();
  const other = await client.sessions.create();
  // It has more events than the example's own session, and the webhook hears of its last ones only.
  const cdp = await connectCdp(other.connectUrl);
  for (let pages = 0; pages < 5; pages += 1) await cdp.openPage();
  const endOther = async () => {
    await until('the webhook is made', async () => (await client.webhooks.list()).data.length > 0);
    await client.sessions.update(other.id, { status: 'REQUEST_RELEASE' });
  };
  const [printed] = await Promise.all([runExample('webhook', { wallcrawler, site }), endOther()]);
  assert.match(printed, /^1 session\.created\n(.*\n)*\d+ session\.ended\n\d+ deliveries\n$/);
});

examples('the quickstart releases its session when it fails, too', async () => {
  const unreachable = { ...site, url: 'http://127.0.0.1:1/' };
  const failure = await runExample('quickstart', { wallcrawler, site: unreachable }).catch((error) => error);
  assert.match(failure.message, /net::ERR_UNSAFE_PORT/);
  const newest = await until('its session ends', async () => {
    const [session] = await wallcrawler.client().sessions.list();
    return session?.status !== 'RUNNING' && session;
  });
  assert.is(newest.status, 'COMPLETED');
  assert.is((newest as typeof newest & { endReason?: string }).endReason, 'released');
});

examples.run();
