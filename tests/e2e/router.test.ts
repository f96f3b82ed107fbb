/** What clients see when every browser is behind the one address of the router. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { TokenAudience, TokenKeySet } from '../../core/tokens/tokens.ts';
import { runAdmin } from './support/admin.ts';
import { atPath, type CdpClient, connectCdp, UpgradeRefusedError } from './support/cdp.ts';
import { type Site, startSite } from './support/pages.ts';
import { descendantsOf, listProcesses } from './support/processes.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;

const ended = (id: string) =>
  until(`session ${id} ends`, async () => {
    const session = await client.sessions.retrieve(id);
    return session.status !== 'RUNNING' && session.status !== 'PENDING' && session;
  });

async function open(params: Browserbase.SessionCreateParams = {}) {
  const session = await client.sessions.create(params);
  return { session, cdp: await connectCdp(session.connectUrl) };
}

const refusal = async (url: string): Promise<UpgradeRefusedError> => {
  try {
    await (await connectCdp(url)).close();
  } catch (error) {
    if (error instanceof UpgradeRefusedError) return error;
    throw error;
  }
  throw new Error('the upgrade was accepted');
};

/** A token as the platform would sign it, for what the API gives no token for. */
function sign(audience: TokenAudience, sessionId: string): string {
  const secrets = JSON.parse(readFileSync(join(wallcrawler.dataDir, 'aws/secrets.json'), 'utf8'));
  const keySet = JSON.parse(secrets[0].versions[0].secretString) as TokenKeySet;
  const expiresAt = new Date(Date.now() + 60_000);
  return signToken(keySet, keySet.current, audience, { sessionId, projectId: 'local', expiresAt });
}

const routerProcess = () =>
  descendantsOf(wallcrawler.pid).find(({ command }) => command.includes('dist/router'));

/** What all containers have logged. */
const logsOfSessions = () =>
  globSync('logs/**/*.log', { cwd: wallcrawler.dataDir })
    .map((path) => readFileSync(join(wallcrawler.dataDir, path), 'utf8'))
    .join('');

const logOf = (name: string) => readFileSync(join(wallcrawler.dataDir, 'logs', name), 'utf8');

const router = suite('router');

router.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler({ env: { WALLCRAWLER_ROUTER: '1' } });
  client = wallcrawler.client();
});

router.after(async () => {
  const pid = routerProcess()?.pid;
  await wallcrawler.dispose();
  await site.close();
  assert.equal(
    listProcesses().filter((process) => process.pid === pid),
    [],
    'the router ends with the machine',
  );
});

router('Playwright does a job through it, and all sessions have one address', async () => {
  const sessions = await Promise.all([client.sessions.create(), client.sessions.create()]);
  const addresses = sessions.map(({ connectUrl }) => connectUrl.split('?')[0]);
  assert.is(addresses[0], addresses[1]);
  assert.match(addresses[0] ?? '', /^ws:\/\/127\.0\.0\.1:\d+\/connect$/);
  for (const session of sessions) {
    const browser = await chromium.connectOverCDP(session.connectUrl);
    const page = browser.contexts()[0]?.pages()[0];
    await page?.goto(site.url);
    await page?.click('button');
    assert.is(await page?.title(), 'Clicked');
    await browser.close();
    assert.is((await ended(session.id)).status, 'COMPLETED');
  }
});

router('Puppeteer drives a session through it; its browser.close() ends it', async () => {
  const session = await client.sessions.create();
  const browser = await puppeteer.connect({ browserWSEndpoint: session.connectUrl, defaultViewport: null });
  const [page] = await browser.pages();
  await page?.goto(site.url);
  assert.is(await page?.title(), 'Home');
  await browser.close();
  assert.is((await ended(session.id)).status, 'COMPLETED');
});

router('the live view works through it, by its own token only', async () => {
  const { session, cdp } = await open();
  const live = await client.sessions.debug(session.id);
  assert.is(live.pages.length, 1);
  const origin = session.connectUrl.split('?')[0]?.replace('ws:', 'http:') ?? '';
  assert.ok(live.debuggerUrl.startsWith(`${origin}/live/`), live.debuggerUrl);
  const inspector = await fetch(live.debuggerUrl);
  assert.is(inspector.status, 200);
  assert.match(await inspector.text(), /<script/);
  const socket = await connectCdp(live.wsUrl);
  assert.ok((await socket.send('Runtime.evaluate', { expression: '1' })).result);
  await socket.close();
  const altered = live.debuggerUrl.replace(/\/live\/[^/]+/, `/live/${sign('cdp', session.id)}`);
  const refused = await fetch(altered);
  assert.is(refused.status, 401);
  assert.equal(Object.keys((await refused.json()) as object), ['statusCode', 'error', 'message']);
  await cdp.send('Browser.close');
  await ended(session.id);
});

const ENDINGS: readonly (readonly [
  what: string,
  end: (id: string, cdp: CdpClient) => Promise<unknown> | unknown,
  code: number,
  reason: string,
])[] = [
  [
    'a release',
    (id) => client.sessions.update(id, { status: 'REQUEST_RELEASE' }),
    4000,
    'The session was released',
  ],
  ['Browser.close', (_id, cdp) => cdp.send('Browser.close'), 4002, 'A client closed the browser'],
  ['a crash', (id) => killChromeOf(id), 4020, 'The browser exited unexpectedly'],
];

function killChromeOf(sessionId: string): void {
  const chrome = descendantsOf(wallcrawler.pid).find(
    ({ command }) =>
      command.includes(sessionId) && command.includes('--user-data-dir') && !command.includes('--type='),
  );
  process.kill(chrome?.pid ?? 0, 'SIGKILL');
}

for (const [what, end, code, reason] of ENDINGS) {
  router(`${what} closes every client with ${code} and a sentence, and then it is 410`, async () => {
    const { session, cdp } = await open();
    const second = await connectCdp(session.connectUrl);
    void end(session.id, cdp);
    assert.equal(await second.closed, { code, reason });
    assert.is((await cdp.closed).code, code);
    await ended(session.id);
    const refused = await refusal(session.connectUrl);
    assert.is(refused.status, 410);
    assert.match(refused.body, reason);
  });
}

router('a client that comes before the browser is ready is let in as soon as it is', async () => {
  const creating = client.sessions.create({ userMetadata: { early: 'yes' } });
  const { id } = await until(
    'the session is there',
    async () => (await client.sessions.list({ q: "user_metadata['early']:'yes'" }))[0],
  );
  const origin = /^Router +(\S+)$/m.exec(wallcrawler.output())?.[1];
  const cdp = await connectCdp(`${origin}?signingKey=${sign('cdp', id)}`);
  assert.ok((await cdp.send('Browser.getVersion')).result);
  await creating;
  await cdp.close();
  await ended(id);
});

router('wrong tokens are 401, unknown sessions and paths 404', async () => {
  const { session, cdp } = await open();
  const url = session.connectUrl;
  for (const wrong of [
    `${url}x`,
    url.split('?')[0] ?? '',
    url.replace(/=.*/, `=${sign('live', session.id)}`),
  ]) {
    const { status, body } = await refusal(wrong);
    assert.is(status, 401);
    assert.equal(Object.keys(JSON.parse(body)), ['statusCode', 'error', 'message']);
  }
  const unknown = sign('cdp', '00000000-0000-4000-8000-000000000000');
  assert.is((await refusal(url.replace(/=.*/, `=${unknown}`))).status, 404);
  assert.is((await refusal(atPath(url, '/nowhere'))).status, 404);
  assert.is((await refusal(url.replace('/connect', '/elsewhere'))).status, 404);
  await cdp.close();
  await ended(session.id);
});

router('clients that ask HTTP first find their WebSocket', async () => {
  const { session, cdp } = await open({ keepAlive: true });
  const url = session.connectUrl.replace(/^ws/, 'http');
  const atRoot = url.replace('/connect?', '/json/version?');
  const browser = await chromium.connectOverCDP(url);
  assert.is(browser.contexts()[0]?.pages().length, 1);
  await browser.close();
  const other = await puppeteer.connect({ browserURL: url });
  assert.match(await other.version(), /^Chrome\//);
  await other.disconnect();
  for (const asked of [`${url}/json/version/`, atRoot]) {
    const response = await fetch(asked);
    assert.is(response.headers.get('cache-control'), 'no-store');
    const { webSocketDebuggerUrl } = (await response.json()) as { webSocketDebuggerUrl: string };
    const client = await connectCdp(webSocketDebuggerUrl);
    await client.send('Browser.getVersion');
    await client.close();
  }
  const { signingKey } = session;
  assert.not.match(logOf('router.log') + logsOfSessions(), signingKey ?? 'no key');
  await cdp.close();
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
});

router('after a rotation of the keys old and new tokens are taken', async () => {
  const { session, cdp } = await open();
  const { code, output, errors } = await runAdmin(wallcrawler.dataDir, 'token-keys', 'rotate');
  assert.is(code, 0, errors);
  assert.match(output, 'Tokens are signed with key');
  const again = await connectCdp(session.connectUrl);
  assert.ok((await again.send('Browser.getVersion')).result);
  // The session's own container was started before the rotation: that the router takes the new key shows in its answer.
  const fresh = sign('cdp', '00000000-0000-4000-8000-000000000000');
  const { status } = await until('the new key is taken', async () => {
    const refused = await refusal(session.connectUrl.replace(/=.*/, `=${fresh}`));
    return refused.status !== 401 && refused;
  });
  assert.is(status, 404);
  await cdp.send('Browser.close');
  await ended(session.id);
});

router('a client that is cut off without a word finds its session again, without keepAlive too', async () => {
  const { session, cdp } = await open();
  const countCutOff = () => logsOfSessions().split('"closeCode":1006').length;
  const before = countCutOff();
  cdp.cut();
  await until('the proxy knows that it has gone', async () => countCutOff() > before);
  const again = await connectCdp(session.connectUrl);
  assert.ok((await again.send('Browser.getVersion')).result);
  assert.is((await client.sessions.retrieve(session.id)).status, 'RUNNING');
  await again.close();
  assert.is((await ended(session.id)).status, 'COMPLETED', 'who says goodbye is not waited for');
});

router('no token stands in its log', () => {
  const log = logOf('router.log');
  assert.match(log, 'client connected');
  assert.not.match(log, /eyJ[\w-]{8,}\.[\w-]+\.[\w-]+/);
});

router('a router that stops tells its clients to connect again', async () => {
  const { cdp } = await open({ keepAlive: true });
  process.kill(routerProcess()?.pid ?? 0, 'SIGTERM');
  assert.equal(await cdp.closed, { code: 1012, reason: 'The router is restarting: connect again' });
});

router.run();
