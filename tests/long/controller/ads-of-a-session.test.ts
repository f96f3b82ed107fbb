// Sessions whose browsers ask hosts of advertisements for nothing, in a real Chrome.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startClientProxy } from '../../../controller/egress/testing/client-proxy.ts';
import { connect, ended, sessionTests } from '../../../controller/testing/session-suite.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wallcrawler-ads-'));
const LIST = path.join(folder, 'hosts');
writeFileSync(LIST, '# ads\n0.0.0.0 ads.example\n');

const ads = suite('the ads of a session');
ads.after(() => rmSync(folder, { recursive: true }));
const session = sessionTests(ads);

const GUARDED = { EGRESS_GUARD: '1', ALLOWED_NETWORKS: '127.0.0.1/32' };
const outcome = (going: Promise<{ status(): number } | null>): Promise<string> =>
  going.then((answer) => `answered ${answer?.status()}`, String);

for (const [name, env] of [
  ['behind a guard', GUARDED],
  ['where its owner has none', {}],
] as const)
  for (const isWarm of [false, true])
    session(`are not asked for ${name}${isWarm ? ', after a claim' : ''}`, async (context) => {
      const { start, site, platform } = context;
      // It would know every host: what it is not asked for was not asked for at all.
      const proxy = await startClientProxy(Number(new URL(site.url).port));
      platform.state.certificates = [];
      platform.state.proxies = [
        { pattern: null, server: { scheme: 'http', host: '127.0.0.1', port: proxy.port } },
      ];
      try {
        const settings = { blockAds: true, hasProxies: true };
        const controller = await start({ env: { ...env, AD_HOSTS_FILE: LIST }, settings, isWarm });
        if (isWarm) {
          assert.is((await controller.claim()).status, 202);
          await platform.called('ready', ({ sessionId }) => sessionId === controller.sessionId);
        }
        const browser = await connect(controller);
        const [page] = (await browser.pages()) as [Page];
        assert.is(await outcome(page.goto('http://page.example/')), 'answered 200');
        const fetched = (url: string) =>
          page.evaluate(`fetch('${url}', { mode: 'no-cors' }).then(() => 1, () => 0)`);
        assert.is(await fetched('http://other.example/'), 1);
        for (const url of ['http://ads.example/', 'http://a.ads.example/', 'https://ads.example/'])
          assert.is(await fetched(url), 0, url);
        assert.not.match(proxy.asked.join(), 'ads.example');
        await browser.close();
        await controller.exited;
      } finally {
        proxy.stop();
      }
    });

session('are left out of a browser that waited, at once', async ({ start, site }) => {
  const env = { ...GUARDED, AD_HOSTS_FILE: LIST };
  const controller = await start({ env, settings: { blockAds: true }, isWarm: true });
  assert.is((await controller.claim()).status, 200);
  const browser = await connect(controller);
  const [page] = (await browser.pages()) as [Page];
  assert.is(await outcome(page.goto(site.url)), 'answered 200');
  assert.match(await outcome(page.goto('http://ads.example/')), 'net::ERR_EMPTY_RESPONSE');
  await browser.close();
  await controller.exited;
});

session('cannot be left out without a list, and so there is no session', async ({ start, platform }) => {
  const controller = await start({ env: GUARDED, settings: { blockAds: true } });
  await controller.exited;
  assert.equal(ended(platform), [
    { reason: 'start_failed', detail: 'Ads cannot be blocked here: there is no list of their hosts' },
  ]);
});

ads.run();
