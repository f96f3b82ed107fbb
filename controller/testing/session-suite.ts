/** Tests of the real thing: a controller as a process, a real Chrome, and a fake platform on loopback. */
import puppeteer, { type Browser } from 'puppeteer-core';
import * as assert from 'uvu/assert';
import { type FakePlatform, startFakePlatform } from './fake-platform.ts';
import { startPageServer } from './page-server.ts';
import { type RunningController, type RunOptions, runController } from './run-controller.ts';

/** Far beyond what any of them takes, and well within the limit of a file. */
const TEST_LIMIT_MS = 100_000;
const CLEAN_UP_LIMIT_MS = 10_000;

export interface SessionTest {
  readonly platform: FakePlatform;
  readonly site: Awaited<ReturnType<typeof startPageServer>>;
  start(options?: RunOptions): Promise<RunningController>;
}

/**
 * Adds tests to a suite, each with a platform of its own; a test fails, too, when a session of it leaves anything
 * behind.
 */
export const sessionTests =
  (suiteOfSessions: (name: string, test: () => Promise<void>) => void, limitMs = TEST_LIMIT_MS) =>
  (name: string, run: (context: SessionTest) => Promise<void>): void => {
    // Not in hooks: uvu passes over a test whose hooks throw.
    suiteOfSessions(name, async () => {
      const platform = await startFakePlatform();
      const site = await startPageServer();
      const running: RunningController[] = [];
      const start = async (options?: RunOptions) => {
        const controller = await runController(platform, options);
        running.push(controller);
        return controller;
      };
      let leftovers: readonly string[] = [];
      const test = run({ platform, site, start });
      try {
        await withinLimit(test, limitMs, running);
      } finally {
        leftovers = (await Promise.all(running.map((controller) => controller.leftovers()))).flat();
        await platform.stop();
        await site.stop();
        await cleanedUp(test);
      }
      assert.equal(leftovers, [], 'every way out leaves nothing');
      for (const controller of running) {
        assert.not.match(controller.output(), /signingKey=ey|"eyJ|X-Amz-Signature=secret/);
      }
    });
  };

/** A test that stands still says what its controllers have said, before its whole file is ended without a word. */
async function withinLimit(
  test: Promise<void>,
  limitMs: number,
  running: readonly RunningController[],
): Promise<void> {
  const { promise: isOver, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const said = running.map((controller) => controller.output()).join('\n');
    reject(new Error(`The test stood still for ${limitMs / 1_000} s; its controllers said:\n${said}`));
  }, limitMs);
  try {
    await Promise.race([test, isOver]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * One that stood still goes on when all it talked to has gone, and closes what it has opened itself: a server of its own
 * that still listened would keep the whole file from ending.
 */
async function cleanedUp(test: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, CLEAN_UP_LIMIT_MS);
  });
  await Promise.race([test.catch(() => undefined), late]);
  clearTimeout(timer);
}

export const connect = (controller: RunningController): Promise<Browser> =>
  controller
    .ready()
    .then(({ connectUrl }) => puppeteer.connect({ browserWSEndpoint: connectUrl, defaultViewport: null }));

/** What was reported of the ends, in their order. */
export const ended = (platform: FakePlatform) => platform.find('ended').map(({ body }) => body);
