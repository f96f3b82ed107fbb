import type { Browserbase } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { atPath, type CdpClient, connectCdp, UpgradeRefusedError } from './support/cdp.ts';
import { descendantsOf, listProcesses } from './support/processes.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
let client: Browserbase;

const ended = (id: string) =>
  until(
    `session ${id} ends`,
    async () => {
      const session = await client.sessions.retrieve(id);
      return session.status !== 'RUNNING' && session;
    },
    20_000,
  );

async function open(params: Browserbase.SessionCreateParams = {}) {
  const session = await client.sessions.create(params);
  const cdp = await connectCdp(session.connectUrl);
  return { session, cdp };
}

/** The main process of the one Chrome that serves `sessionId`. */
function chromeOf(sessionId: string): number {
  const chrome = descendantsOf(wallcrawler.pid).find(
    ({ command }) =>
      command.includes(sessionId) && command.includes('--user-data-dir') && !command.includes('--type='),
  );
  if (chrome === undefined) throw new Error(`no Chrome of session ${sessionId}`);
  return chrome.pid;
}

const refusal = async (url: string): Promise<UpgradeRefusedError> => {
  try {
    const cdp = await connectCdp(url);
    await cdp.close();
  } catch (error) {
    if (error instanceof UpgradeRefusedError) return error;
    throw error;
  }
  throw new Error('the upgrade was accepted');
};

const pageOf = async (cdp: CdpClient): Promise<string> => {
  const { result } = await cdp.send('Target.getTargets');
  const { targetInfos } = result as { targetInfos: { type: string; targetId: string }[] };
  return targetInfos.find(({ type }) => type === 'page')?.targetId ?? '';
};

const endings = suite('endings');

endings.before(async () => {
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
});

endings.after(async () => {
  const pids = descendantsOf(wallcrawler.pid).map(({ pid }) => pid);
  await wallcrawler.dispose();
  assert.equal(
    listProcesses().filter(({ pid }) => pids.includes(pid)),
    [],
    'nothing is left',
  );
});

endings('a client that a restart on its way sent away comes back to the same browser', async () => {
  const { session, cdp } = await open();
  const page = await pageOf(cdp);
  await cdp.close(1012);
  const again = await connectCdp(session.connectUrl);
  assert.is(await pageOf(again), page);
  assert.is((await client.sessions.retrieve(session.id)).status, 'RUNNING');
  await again.close();
  assert.is((await ended(session.id)).status, 'COMPLETED');
});

endings('released: 4000, and every client is told', async () => {
  const { session, cdp } = await open({ keepAlive: true });
  const second = await connectCdp(session.connectUrl);
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  for (const { closed } of [cdp, second]) {
    assert.equal(await closed, { code: 4000, reason: 'The session was released' });
  }
  assert.is((await ended(session.id)).status, 'COMPLETED');
});

endings('the last disconnect ends a session, not the first', async () => {
  const { session, cdp } = await open();
  const second = await connectCdp(session.connectUrl);
  await cdp.close();
  assert.ok((await second.send('Browser.getVersion')).result, 'the other client goes on');
  assert.is((await client.sessions.retrieve(session.id)).status, 'RUNNING');
  await second.close();
  assert.is((await ended(session.id)).status, 'COMPLETED');
});

endings('keepAlive: clients come back and find their tabs', async () => {
  const { session, cdp } = await open({ keepAlive: true });
  const { result } = await cdp.send('Target.createTarget', { url: 'data:text/html,<title>mine</title>' });
  const { targetId } = result as { targetId: string };
  await cdp.close();
  const again = await connectCdp(session.connectUrl);
  const targets = await again.send('Target.getTargets');
  assert.match(JSON.stringify(targets), targetId);
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  assert.is((await again.closed).code, 4000);
  assert.is((await ended(session.id)).status, 'COMPLETED');
});

endings('Browser.close by a client of a kept session: it goes, the others stay', async () => {
  const { session, cdp } = await open({ keepAlive: true });
  const second = await connectCdp(session.connectUrl);
  assert.equal((await cdp.send('Browser.close')).result, {});
  assert.equal(await cdp.closed, {
    code: 1000,
    reason: 'The client closed its browser; the session is kept alive',
  });
  const { error } = await second.send('Browser.crash');
  assert.match(JSON.stringify(error), /no client may end its browser/);
  assert.ok((await second.send('Browser.getVersion')).result);
  assert.is((await client.sessions.retrieve(session.id)).status, 'RUNNING');
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  assert.is((await second.closed).code, 4000);
});

endings('an idle limit of its own ends a kept session, and says so', async () => {
  const browserSettings = { idleTimeout: 10 } as Browserbase.SessionCreateParams.BrowserSettings;
  const { session, cdp } = await open({ keepAlive: true, browserSettings });
  await cdp.send('Browser.getVersion');
  assert.is((await cdp.closed).code, 4011);
  const { status, endReason, endDetail } = (await ended(session.id)) as unknown as Record<string, string>;
  assert.equal([status, endReason, endDetail], ['TIMED_OUT', 'idle', 'No client sent a command for 10 s']);
});

endings('Browser.close by a client: 4002 for the others, COMPLETED', async () => {
  const { session, cdp } = await open();
  const second = await connectCdp(session.connectUrl);
  await cdp.send('Browser.close');
  assert.equal(await second.closed, { code: 4002, reason: 'A client closed the browser' });
  assert.is((await ended(session.id)).status, 'COMPLETED');
});

endings('Chrome killed: 4020, ERROR', async () => {
  const { session, cdp } = await open();
  process.kill(chromeOf(session.id), 'SIGKILL');
  assert.equal(await cdp.closed, { code: 4020, reason: 'The browser exited unexpectedly' });
  assert.is((await ended(session.id)).status, 'ERROR');
});

endings('the controller killed: the session is an ERROR, and its Chrome does not stay', async () => {
  const { session, cdp } = await open();
  const chrome = chromeOf(session.id);
  const controller = descendantsOf(wallcrawler.pid).find(({ pid }) =>
    descendantsOf(pid).some((p) => p.pid === chrome),
  );
  if (controller === undefined) throw new Error('no controller');
  process.kill(controller.pid, 'SIGKILL');
  await cdp.closed;
  assert.is((await ended(session.id)).status, 'ERROR');
  await until('its Chrome ends', async () => !descendantsOf(1).some(({ pid }) => pid === chrome));
});

endings(
  'a connectUrl opens its own session only, and nothing when altered or used after the end',
  async () => {
    const { session, cdp } = await open({ keepAlive: true });
    const other = await open({ keepAlive: true });
    const tokenOf = (url: string) => new URL(url).searchParams.get('signingKey') ?? '';
    const swapped = session.connectUrl.replace(
      tokenOf(session.connectUrl),
      tokenOf(other.session.connectUrl),
    );
    // Through the router all sessions have one address, and it is the token that names the session.
    const isOneAddress = new URL(session.connectUrl).host === new URL(other.session.connectUrl).host;
    if (!isOneAddress) assert.is((await refusal(swapped)).status, 401);
    assert.is((await refusal(session.connectUrl.split('?')[0] ?? '')).status, 401);
    const refused = await refusal(`${session.connectUrl}x`);
    assert.is(refused.status, 401);
    assert.not.match(refused.body, tokenOf(session.connectUrl).slice(0, 40));
    const pageId = await pageOf(cdp);
    const page = await connectCdp(atPath(session.connectUrl, `/devtools/page/${pageId}`));
    assert.ok((await page.send('Runtime.evaluate', { expression: '1' })).result);
    assert.is((await refusal(atPath(session.connectUrl, '/nowhere'))).status, 404);
    await page.close();
    for (const { id } of [session, other.session])
      await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
    await Promise.all([cdp.closed, other.cdp.closed]);
  },
);

endings('no token and no key stands in any log', async () => {
  const { readdirSync, readFileSync, statSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { session, cdp } = await open();
  const token = new URL(session.connectUrl).searchParams.get('signingKey') ?? '';
  await cdp.close();
  await ended(session.id);
  const logs = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? logs(path) : path.endsWith('.log') ? [path] : [];
    });
  const files = logs(wallcrawler.dataDir);
  assert.ok(files.length > 0, 'there are logs');
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    assert.not.match(text, token, file);
    assert.not.match(text, wallcrawler.apiKey, file);
    assert.not.match(text, /eyJ[\w-]{8,}\.[\w-]+\.[\w-]+/, file);
  }
});

endings.run();
