/**
 * A page that takes all the memory that a page may have, 4 GB of it, by itself or by workers: it is told from a page that
 * crashed, and nothing else ends: its session goes on, and so do the machine and the session beside it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

const CRASH_LIMIT_MS = 120_000;
const TELL_LIMIT_MS = 60_000;
const ASK_EVERY_MS = 500;
const TAKES_ALL = '(() => { const all = []; for (;;) all.push(Array(4e6).fill(1.1)); })()';
/**
 * Thousands of workers, each with 16 MB of its own. As objects of their language: of these one process has room for 4 GB in
 * all, and so the test takes no more of whose machine it runs on.
 */
const FORKS = `(() => {
  const code = 'self.all = [Array(2e6).fill(1.1)]; setInterval(() => self.all, 1_000)';
  const source = URL.createObjectURL(new Blob([code]));
  window.workers = [];
  const fork = () => {
    for (let more = 0; more < 20; more += 1) workers.push(new Worker(source));
    if (workers.length < 2_000) setTimeout(fork, 10);
  };
  fork();
})()`;

let machine: Wallcrawler;
const memory = suite('a page out of memory');
memory.before(async () => {
  machine = await startWallcrawler();
});
memory.after(() => machine?.dispose());

async function open() {
  const { id, connectUrl } = await machine.client().sessions.create({ keepAlive: true });
  const browser = await chromium.connectOverCDP(connectUrl);
  const context = browser.contexts()[0] ?? (assert.unreachable('there is a context') as never);
  return {
    id,
    context,
    /** A page of its own, from the command to its crash. */
    async crash(method: 'Runtime.evaluate' | 'Page.crash', expression = '') {
      const page = await context.newPage();
      const cdp = await context.newCDPSession(page);
      const crashed = page.waitForEvent('crash', { timeout: CRASH_LIMIT_MS });
      // Not each of them is answered.
      void cdp.send(method as 'Runtime.evaluate', { expression }).catch(() => undefined);
      await crashed;
    },
    async close() {
      await machine.client().sessions.update(id, { status: 'REQUEST_RELEASE' });
      await browser.close();
    },
  };
}

memory('is told as such, and one beside it that crashes is not', async () => {
  const session = await open();
  await session.crash('Runtime.evaluate', TAKES_ALL);
  await session.crash('Page.crash');
  await until('both are told', async () => (await told(session.id)).length === 2);
  assert.equal(await told(session.id), [true, false]);
  await session.close();
});

memory('by thousands of workers ends neither its session nor the one beside it', async () => {
  const [session, other] = await Promise.all([open(), open()]);
  const beside = await other.context.newPage();
  const crash = session.crash('Runtime.evaluate', FORKS);
  const isOver = crash.then(
    () => true,
    () => true,
  );
  let answers = 0;
  while (!(await Promise.race([isOver, wait(ASK_EVERY_MS, false)]))) {
    assert.is(await beside.evaluate('1 + 1'), 2);
    assert.is((await machine.client().sessions.retrieve(session.id)).status, 'RUNNING');
    answers += 1;
  }
  await crash;
  assert.ok(answers > 0, 'it took its time');
  await until('it is told', async () => (await told(session.id)).length === 1, TELL_LIMIT_MS);
  assert.equal(await told(session.id), [true]);
  const next = await session.context.newPage();
  assert.is(await next.evaluate('1 + 1'), 2);
  for (const each of [session, other]) await each.close();
});

/** Of each page that has crashed, whether it was out of memory. */
async function told(sessionId: string): Promise<readonly boolean[]> {
  const response = await machine.call(`/v1/sessions/${sessionId}/events?category=crash`);
  const events = (await response.json()) as readonly { data: { isOutOfMemory: boolean } }[];
  return events.map(({ data }) => data.isOutOfMemory);
}

memory.run();
