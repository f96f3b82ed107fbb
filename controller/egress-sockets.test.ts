/** That no socket of a guarded browser leads anywhere but to its guard, whatever is asked of it: as the kernel sees it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startAskingSite } from './testing/asking-site.ts';
import { startCanary } from './testing/canary.ts';
import { directExtension } from './testing/direct-extension.ts';
import { findChrome } from './testing/run-controller.ts';
import { connect, type SessionTest, sessionTests } from './testing/session-suite.ts';
import { type SocketCall, traceSockets } from './testing/trace-sockets.ts';

const egress = suite('the sockets of a guarded browser');
const session = sessionTests(egress);

/** Why the kernel cannot be asked; undefined: it can. */
function whyNoTrace(): string | undefined {
  if (process.platform !== 'linux') return 'strace is a program of Linux';
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `strace cannot be run here: ${(error as Error).message.split('\n')[0]}`;
  }
}

type Start = SessionTest['start'];

/** A page asks for all that it can; then a client asks for a context without a proxy. */
async function askFromPages(start: Start, env: Record<string, string>, url: string, target: string) {
  const controller = await start({ env });
  const browser = await connect(controller);
  const [page] = (await browser.pages()) as [Page];
  await page.goto(url);
  await page.waitForFunction('document.title === "asked"', { timeout: 60_000 });
  const direct = await browser.createBrowserContext({ proxyServer: 'direct://' }).catch(() => undefined);
  const other = await direct?.newPage();
  for (const asked of [url, `http://${target}/direct`, `https://${target}/direct`])
    await other?.goto(asked, { timeout: 5_000 }).catch(() => undefined);
  await browser.disconnect();
  await controller.exited;
}

/** An extension takes the proxy away. */
async function askFromExtension(start: Start, env: Record<string, string>, target: string) {
  const controller = await start({ env, settings: { extensionId: 'x' } });
  const browser = await connect(controller);
  const [page] = (await browser.pages()) as [Page];
  await page.goto(`http://${target}/extended`, { timeout: 5_000 }).catch(() => undefined);
  await browser.disconnect();
  await controller.exited;
}

const reason = whyNoTrace();
if (reason !== undefined) console.error(`the sockets of a guarded browser are not looked at: ${reason}`);

for (const isGuarded of reason === undefined ? [true, false] : []) {
  session(`lead ${isGuarded ? 'to the guard alone' : 'elsewhere without one'}`, async (context) => {
    const { start, platform } = context;
    const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-egress-'));
    const trace = traceSockets(findChrome(), folder);
    const canary = await startCanary();
    const { target } = canary;
    const site = await startAskingSite(target);
    const env = {
      CHROME_PATH: trace.program,
      EGRESS_GUARD: isGuarded ? '1' : '0',
      ALLOWED_NETWORKS: '127.0.0.1/32',
    };
    platform.state.extension = directExtension(target);
    try {
      await askFromPages(start, env, site.url, target);
      const fromPages = trace.take();
      await askFromExtension(start, env, target);
      const fromExtension = trace.take();
      if (isGuarded) {
        assert.equal(canary.seen, [], 'nothing of it arrives');
        for (const calls of [fromPages, fromExtension]) assertGuarded(calls);
      } else {
        const arrived = canary.seen.join();
        for (const what of [
          'udp',
          'GET /fetch',
          'GET /worker',
          'GET /service',
          'GET /direct',
          'GET /extension',
        ])
          assert.ok(arrived.includes(what), `${what} would have arrived: ${arrived}`);
        assert.ok(placesOf(fromPages).size > 1 && packetsOf(fromPages).length > 0, 'and been seen');
      }
    } finally {
      site.close();
      canary.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

const tcpOf = (calls: readonly SocketCall[]) =>
  calls.filter(({ call, protocol }) => call === 'connect' && protocol.startsWith('TCP'));
const placesOf = (calls: readonly SocketCall[]) =>
  new Set(tcpOf(calls).map(({ rest }) => /port=htons\(\d+\), .*?"([^"]+)"/.exec(rest)?.[0]));
const packetsOf = (calls: readonly SocketCall[]) =>
  calls.filter(({ call, protocol }) => call !== 'connect' && protocol.startsWith('UDP'));

function assertGuarded(calls: readonly SocketCall[]): void {
  const places = [...placesOf(calls)];
  assert.is(places.length, 1, `one place: ${places.join()}`);
  assert.match(places[0] ?? '', '"127.0.0.1"');
  // A connect of UDP sends nothing: Chrome asks the kernel which way a packet would take.
  assert.equal(packetsOf(calls), [], 'no packet of UDP');
}

if (reason !== undefined) egress.skip('are not looked at', () => undefined);
egress.run();
