// A container whose memory is used up: the kernel kills what it chooses, and the session says that it was for want of memory.
import { writeFileSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FakePlatform } from '../../../controller/testing/fake-platform.ts';
import type { RunningController } from '../../../controller/testing/run-controller.ts';
import { connect, ended, type SessionTest, sessionTests } from '../../../controller/testing/session-suite.ts';
import { makeCgroup } from '../support/small-cgroup.ts';

const MIB = 1024 * 1024;
/** Twice what a session takes whose page does nothing. */
const CONTAINER_BYTES = 800 * MIB;
const CONTROLLER_ENTRY = new URL('../support/in-a-small-container.ts', import.meta.url).pathname;
const TAKES_ALL = '(() => { const all = []; for (;;) all.push(Array(4e6).fill(1.1)); })()';
/** The kernel takes this process before all others. */
const FIRST_TO_DIE = '1000';

const memory = suite('a container without memory');
const session = sessionTests(memory);

/** Runs `test` with a session in a container of its own; says so where this user may make none. */
async function inContainer(
  { start }: SessionTest,
  test: (controller: RunningController, browser: Browser) => Promise<void>,
): Promise<void> {
  const cgroup = makeCgroup(`wallcrawler-test-${process.pid}`, CONTAINER_BYTES);
  if (cgroup === undefined) return console.log('Not told of a small container: this user may make none');
  try {
    const controller = await start({
      settings: { keepAlive: true },
      env: { CONTROLLER_ENTRY, CGROUP: cgroup.folder },
    });
    const browser = await connect(controller);
    await test(controller, browser);
    await browser.disconnect();
    await controller.leftovers();
  } finally {
    cgroup.remove();
  }
}

/** A page that takes all there is; resolves when it, or its browser, has gone. */
async function takeAll(browser: Browser): Promise<void> {
  const page = await browser.newPage();
  const gone = new Promise((resolve) => {
    page.once('error', resolve);
    browser.once('disconnected', resolve);
  });
  void page.evaluate(TAKES_ALL).catch(() => undefined);
  await gone;
}

interface Event {
  readonly type: string;
  readonly data: { readonly isOutOfMemory?: boolean };
}
const eventsOf = (platform: FakePlatform) =>
  platform.find('events').flatMap(({ body }) => body.events as readonly Event[]);

session('loses the page that takes it all, and the session goes on', async (context) => {
  await inContainer(context, async (_, browser) => {
    await takeAll(browser);
    const page = await browser.newPage();
    assert.is(await page.evaluate('1 + 1'), 2);
    await context.platform.called('events', ({ body }) => JSON.stringify(body).includes('page.crashed'));
    const crashes = eventsOf(context.platform).filter(({ type }) => type === 'page.crashed');
    assert.equal(
      crashes.map(({ data }) => data.isOutOfMemory),
      [true],
    );
    assert.equal(ended(context.platform), []);
  });
});

session('ends as out of memory where the kernel takes the browser itself', async (context) => {
  await inContainer(context, async (controller, browser) => {
    writeFileSync(`/proc/${controller.browserPid()}/oom_score_adj`, FIRST_TO_DIE);
    await takeAll(browser);
    await context.platform.called('ended');
    assert.equal(
      ended(context.platform).map((body) => body.reason),
      ['out_of_memory'],
    );
    assert.is((await controller.exited).code, 0);
  });
});

memory.run();
