import type { Browser } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connect, ended, sessionTests } from '../../../controller/testing/session-suite.ts';
import {
  AUTHORITY,
  NAMESAKE,
  type SignedSite,
  startSignedSite,
} from '../../../core/testing/test-authority.ts';

const UNKNOWN = 'net::ERR_CERT_AUTHORITY_INVALID';
const settings = { certificateIds: ['c1', 'c2'] };

let signed: SignedSite;

const suiteOfSessions = suite('the certificates of a session');
suiteOfSessions.before(async () => {
  signed = await startSignedSite();
});
suiteOfSessions.after(() => signed.stop());
const session = sessionTests(suiteOfSessions);

/** What a page has, or why Chrome does not load it. */
async function visit(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage();
  try {
    await page.goto(url);
    return String(await page.evaluate('document.body.innerText'));
  } catch (error) {
    return (error as Error).message.replace(/ at http.*/s, '');
  } finally {
    await page.close();
  }
}

session('are trusted where it asks for them, by its own browser only', async ({ platform, start }) => {
  platform.state.certificates = [NAMESAKE, AUTHORITY];
  const [trusting, other] = await Promise.all([start({ settings }), start()]);
  const browser = await connect(trusting);
  assert.is(await visit(browser, signed.url), 'signed');
  assert.is(await visit(browser, signed.otherUrl), 'net::ERR_CERT_COMMON_NAME_INVALID');
  const plain = await connect(other);
  assert.is(await visit(plain, signed.url), UNKNOWN);
  await Promise.all([browser.close(), plain.close(), trusting.exited, other.exited]);
  assert.not.match(trusting.output(), 'BEGIN CERTIFICATE');
});

session('that are others leave the site as unknown as it was', async ({ platform, start }) => {
  platform.state.certificates = [NAMESAKE];
  const controller = await start({ settings: { certificateIds: ['c1'] } });
  const browser = await connect(controller);
  assert.is(await visit(browser, signed.url), UNKNOWN);
  await browser.close();
  await controller.exited;
});

session(
  'are trusted after a claim, by a Chrome that takes the place of the one that waited',
  async ({ platform, start }) => {
    platform.state.certificates = [NAMESAKE, AUTHORITY];
    const controller = await start({ isWarm: true, settings });
    await controller.warm();
    const waited = controller.browserPid();
    assert.equal(await controller.claim(), { status: 202, body: { status: 'restoring' } });
    await platform.called('ready', ({ sessionId }) => sessionId === controller.sessionId);
    assert.is.not(controller.browserPid(), waited);
    const browser = await connect(controller);
    assert.is(await visit(browser, signed.url), 'signed');
    await browser.close();
    await controller.exited;
    assert.equal(ended(platform), [{ reason: 'browser_closed' }]);
  },
);

session('do not stay in a context that a trusting session saved', async ({ platform, start }) => {
  platform.state.certificates = [NAMESAKE, AUTHORITY];
  const context = { id: 'c', persist: true };
  for (const [isWarm, more, seen] of [
    [true, settings, 'signed'],
    [false, {}, UNKNOWN],
  ] as const) {
    const controller = await start({ isWarm, settings: { context, ...more } });
    if (isWarm) {
      assert.equal((await controller.claim()).body, { status: 'restoring' });
      await platform.called('ready', ({ sessionId }) => sessionId === controller.sessionId);
    }
    const browser = await connect(controller);
    assert.is(await visit(browser, signed.url), seen);
    await browser.close();
    await controller.exited;
  }
  assert.is(platform.state.puts, 2);
});

for (const isWarm of [false, true]) {
  session(
    `of which one was deleted are why it does not start${isWarm ? ', after a claim too' : ''}`,
    async ({ platform, start }) => {
      const controller = await start({ isWarm, settings });
      if (isWarm) assert.is((await controller.claim()).status, 202);
      assert.is((await controller.exited).code, 0);
      assert.equal(ended(platform), [
        { reason: 'certificates_not_trusted', detail: 'One of them has been deleted' },
      ]);
    },
  );
}

suiteOfSessions.run();
