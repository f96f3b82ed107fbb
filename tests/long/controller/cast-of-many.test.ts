/** Many who watch one page: they share its pictures, and none of them slows another or the client. */
import type { Browser, Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CAST_LIMITS } from '../../../controller/cast/limits.ts';
import { asUrl } from '../../../controller/testing/live-view.ts';
import { connect, type SessionTest, sessionTests } from '../../../controller/testing/session-suite.ts';
import { castUrl, createWatcher, type Watcher } from '../../../controller/testing/watcher.ts';

const suiteOfSessions = suite('many who watch');
const inSession = sessionTests(suiteOfSessions);

const MOVING = asUrl(`<!doctype html><title>Moving</title><body><script>
  const move = (now) => {
    document.body.style.background = 'hsl(' + Math.round(now / 10) % 360 + ' 50% 50%)';
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
</script>`);
const VIEWERS = 20;
const WATCHED_MS = 3_000;

async function withMovingPage(
  test: SessionTest,
  run: (watch: (isSlow?: boolean) => Watcher, page: Page) => Promise<void>,
): Promise<void> {
  const controller = await test.start();
  const browser: Browser = await connect(controller);
  const [page] = (await browser.pages()) as [Page];
  await page.goto(MOVING);
  const url = await castUrl(controller, { isViewOnly: true });
  await run((isSlow = false) => createWatcher(url, { isSlow }), page);
  await browser.close();
  await controller.exited;
}

/** What each gets in the time that they are all there. */
async function watchFor(viewers: readonly Watcher[], ms: number) {
  await Promise.all(viewers.map((viewer) => viewer.hasPicture()));
  const startMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, ms));
  const spentMs = performance.now() - startMs;
  return { spentMs, pictures: viewers.map(({ frames }) => frames.filter(({ atMs }) => atMs > startMs)) };
}

inSession('are shown the same pictures: one screencast, however many they are', (test) =>
  withMovingPage(test, async (watch) => {
    const viewers = Array.from({ length: VIEWERS }, () => watch());
    const { spentMs, pictures } = await watchFor(viewers, WATCHED_MS);
    const hashes = new Map<number, string>();
    for (const { number, hash } of pictures.flat()) {
      assert.is(hashes.get(number) ?? hash, hash, `picture ${number} is one for all`);
      hashes.set(number, hash);
    }
    const mostPictures = spentMs / CAST_LIMITS.frameIntervalMs + 2;
    assert.ok(hashes.size > 3 && hashes.size <= mostPictures, `${hashes.size} pictures of ${mostPictures}`);
    for (const each of pictures) assert.ok(each.length > hashes.size / 2, `${each.length} of ${hashes.size}`);
    for (const viewer of viewers) viewer.close();
    await Promise.all(viewers.map(({ closed }) => closed));
  }),
);

inSession('are not slowed by one who does not take their pictures, nor is the client', (test) =>
  withMovingPage(test, async (watch, page) => {
    const viewer = watch();
    const { pictures: before } = await watchFor([viewer], WATCHED_MS);
    const slow = watch(true);
    const stuck = watch();
    await stuck.hasPicture();
    // It reads nothing any more, not even what its socket holds.
    stuck.socket.pause();
    let answers = 0;
    let isOver = false;
    const asking = (async () => {
      for (; !isOver; answers += 1) await page.evaluate('1');
    })();
    const { pictures: after } = await watchFor([viewer], WATCHED_MS);
    isOver = true;
    await asking;
    const counts = [before, after].map(([all]) => all?.length ?? 0) as [number, number];
    // The machine's own load is in both.
    assert.ok(counts[1] > counts[0] * 0.4, `${counts.join(', then ')}`);
    assert.ok(answers > 20, `${answers} answers to the client`);
    assert.is(slow.frames.length, 1, 'one is on its way to it at most');
    // The next that it gets is the newest of those that it has missed.
    const last = viewer.frames.at(-1)?.number ?? 0;
    slow.send({ type: 'ack', number: slow.frames[0]?.number ?? 0 });
    await slow.until('the next picture', () => slow.frames.length === 2);
    assert.ok((slow.frames[1]?.number ?? 0) >= last - 1, `${slow.frames[1]?.number} after ${last}`);
    stuck.socket.terminate();
  }),
);

suiteOfSessions.run();
