/** A page that takes all the memory that a page may have, 4 GB of it: it is told from a page that crashed. */
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

const CRASH_LIMIT_MS = 120_000;
const TAKES_ALL = '(() => { const all = []; for (;;) all.push(Array(4e6).fill(1.1)); })()';

let machine: Wallcrawler;
const memory = suite('a page out of memory');
memory.before(async () => {
  machine = await startWallcrawler();
});
memory.after(() => machine?.dispose());

memory('is told as such, and one beside it that crashes is not', async () => {
  const { id, connectUrl } = await machine.client().sessions.create({ keepAlive: true });
  const browser = await chromium.connectOverCDP(connectUrl);
  const context = browser.contexts()[0] ?? (assert.unreachable('there is a context') as never);
  const crash = async (how: (cdp: Awaited<ReturnType<typeof context.newCDPSession>>) => Promise<unknown>) => {
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const crashed = page.waitForEvent('crash', { timeout: CRASH_LIMIT_MS });
    // Nobody answers it.
    void how(cdp).catch(() => undefined);
    await crashed;
  };
  await crash((cdp) => cdp.send('Runtime.evaluate', { expression: TAKES_ALL }));
  await crash((cdp) => cdp.send('Page.crash'));
  await until('both are told', async () => (await told(id)).length === 2);
  assert.equal(await told(id), [true, false]);
  await machine.client().sessions.update(id, { status: 'REQUEST_RELEASE' });
  await browser.close();
});

/** Of each page that has crashed, whether it was out of memory. */
async function told(sessionId: string): Promise<readonly boolean[]> {
  const response = await machine.call(`/v1/sessions/${sessionId}/events?category=crash`);
  const events = (await response.json()) as readonly { data: { isOutOfMemory: boolean } }[];
  return events.map(({ data }) => data.isOutOfMemory);
}

memory.run();
