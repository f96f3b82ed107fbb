// Sessions that go out by proxies of their own, in a real Chrome.
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startClientProxy } from '../../../controller/egress/testing/client-proxy.ts';
import { startSocksProxy } from '../../../controller/egress/testing/socks-proxy.ts';
import type { RunningController } from '../../../controller/testing/run-controller.ts';
import { connect, type SessionTest, sessionTests } from '../../../controller/testing/session-suite.ts';
import { startUntrustedSite } from '../../../controller/testing/untrusted-site.ts';
import type { ProxyServer } from '../../../core/domain/proxies.ts';
import { AUTHORITY, SITE_CERTIFICATE, SITE_KEY } from '../../../core/testing/test-authority.ts';

const proxies = suite('the proxies of a session');
const session = sessionTests(proxies);

const SECRET = 'secret-of-a-session';
const GUARDED = { EGRESS_GUARD: '1', ALLOWED_NETWORKS: '127.0.0.1/32' };
const SETTINGS = { hasProxies: true, ignoreCertificateErrors: true };

const serverAt = (
  scheme: ProxyServer['scheme'],
  port: number,
  more: Partial<ProxyServer> = {},
): ProxyServer => ({
  scheme,
  host: '127.0.0.1',
  port,
  username: 'user',
  password: SECRET,
  ...more,
});

const outcome = (going: Promise<{ status(): number } | null>): Promise<string> =>
  going.then((answer) => `answered ${answer?.status()}`, String);

const portOf = (url: string): number => Number(new URL(url).port);

/** Neither what it says nor what it sends holds a word of its credentials. */
function assertSilent(controller: RunningController, platform: SessionTest['platform']): void {
  assert.not.match(controller.output(), SECRET);
  assert.not.match(JSON.stringify(platform.calls), SECRET);
  assert.not.match(controller.output(), Buffer.from(`user:${SECRET}`).toString('base64'));
}

for (const [name, env] of [
  ['behind a guard', GUARDED],
  ['where its owner has none', {}],
] as const)
  for (const isWarm of [false, true]) {
    session(`are what it goes by ${name}${isWarm ? ', after a claim' : ''}`, async (context) => {
      const { start, site, platform } = context;
      const proxy = await startClientProxy(portOf(site.url), { password: SECRET });
      const socks = await startSocksProxy(portOf(site.url), { password: SECRET });
      platform.state.certificates = [];
      platform.state.proxies = [
        { pattern: 'free.example', server: null },
        { pattern: '*.socks.example', server: serverAt('socks5', socks.port) },
        { pattern: null, server: serverAt('http', proxy.port) },
      ];
      try {
        const controller = await start({ env, settings: SETTINGS, isWarm });
        if (isWarm) {
          assert.is((await controller.claim()).status, 202);
          await platform.called('ready', ({ sessionId }) => sessionId === controller.sessionId);
        }
        const browser = await connect(controller);
        const [page] = (await browser.pages()) as [Page];
        assert.is(await outcome(page.goto('http://known-to-it.example/')), 'answered 200');
        assert.is(await outcome(page.goto('http://a.socks.example/')), 'answered 200');
        assert.is(await outcome(page.goto(site.url)), 'answered 200', 'this machine is reached by itself');
        assert.match(await outcome(page.goto('http://free.example/')), 'net::ERR_');
        // Chrome asks for things of its own.
        const plain = proxy.asked.filter(
          (line) => line.includes('.example/') && !line.endsWith('/favicon.ico'),
        );
        assert.equal(plain, ['GET http://known-to-it.example/']);
        assert.equal([...new Set(socks.asked)], ['a.socks.example:80']);
        await browser.close();
        await controller.exited;
        assertSilent(controller, platform);
      } finally {
        proxy.stop();
        socks.stop();
      }
    });
  }

session('are spoken to by TLS, and lead to sites by https', async ({ start, platform }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'wallcrawler-authority-'));
  const site = await startUntrustedSite();
  const secure = { key: SITE_KEY, cert: SITE_CERTIFICATE };
  const proxy = await startClientProxy(portOf(site.url), { password: SECRET, secure });
  platform.state.certificates = [];
  platform.state.proxies = [{ pattern: null, server: serverAt('https', proxy.port, { host: 'localhost' }) }];
  try {
    const authority = path.join(folder, 'ca.pem');
    writeFileSync(authority, AUTHORITY);
    const env = { ...GUARDED, NODE_EXTRA_CA_CERTS: authority };
    const controller = await start({ env, settings: SETTINGS });
    const browser = await connect(controller);
    const [page] = (await browser.pages()) as [Page];
    assert.is(await outcome(page.goto('https://known-to-it.example/')), 'answered 200');
    assert.ok(proxy.asked.includes('CONNECT known-to-it.example:443'));
    await browser.close();
    await controller.exited;
    assertSilent(controller, platform);
  } finally {
    proxy.stop();
    await site.stop();
    await rm(folder, { recursive: true });
  }
});

session('that lead nowhere fail a page as a site that is not there, and are told of', async (context) => {
  const { start, site, platform } = context;
  const strict = await startClientProxy(portOf(site.url), { password: 'another' });
  const gone = await startSocksProxy(portOf(site.url));
  gone.stop();
  platform.state.certificates = [];
  platform.state.proxies = [
    { pattern: 'gone.example', server: serverAt('socks5', gone.port) },
    { pattern: 'hidden.example', server: serverAt('http', 80, { host: '169.254.169.254' }) },
    { pattern: null, server: serverAt('http', strict.port) },
  ];
  try {
    const controller = await start({ env: GUARDED, settings: SETTINGS });
    const browser = await connect(controller);
    const [page] = (await browser.pages()) as [Page];
    for (const host of ['gone.example', 'hidden.example', 'unknown-to-it.example']) {
      assert.match(await outcome(page.goto(`http://${host}/`)), 'net::ERR_EMPTY_RESPONSE', host);
      assert.match(await outcome(page.goto(`https://${host}/`)), 'net::ERR_TUNNEL_CONNECTION_FAILED', host);
    }
    const told = (words: string) =>
      platform.called('events', ({ body }) => JSON.stringify(body).includes(words));
    await told(
      `"type":"proxy.failed","data":{"host":"127.0.0.1","port":${gone.port},"reason":"unreachable"}`,
    );
    await told(
      `"type":"proxy.failed","data":{"host":"127.0.0.1","port":${strict.port},"reason":"credentials"}`,
    );
    await told('"type":"egress.refused","data":{"host":"169.254.169.254","port":80,"reason":"not_public"}');
    await browser.close();
    await controller.exited;
    assertSilent(controller, platform);
  } finally {
    strict.stop();
  }
});

proxies.run();
