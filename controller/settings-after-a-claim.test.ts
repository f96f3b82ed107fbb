import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ContainerSettings } from '../core/domain/container-settings.ts';
import { describeBrowser } from './testing/describe-browser.ts';
import { connect, type SessionTest, sessionTests } from './testing/session-suite.ts';
import { startUntrustedSite } from './testing/untrusted-site.ts';

const suiteOfSessions = suite('the settings of a session whose container ran before it');
const session = sessionTests(suiteOfSessions);

/** The browser of a container that was started for these settings, and that of one that was claimed with them. */
async function bothWays(start: SessionTest['start'], settings: Partial<ContainerSettings>) {
  const site = await startUntrustedSite();
  const describe = async (isWarm: boolean) => {
    const controller = await start({ settings, isWarm });
    if (isWarm) assert.is((await controller.claim()).status, 200);
    const browser = await connect(controller);
    const described = await describeBrowser(browser, site.url);
    await browser.close();
    await controller.exited;
    return described;
  };
  try {
    return { cold: await describe(false), warm: await describe(true) };
  } finally {
    await site.stop();
  }
}

for (const settings of [
  { viewport: { width: 1024, height: 768 }, ignoreCertificateErrors: true },
  { viewport: { width: 390, height: 844 } },
  { viewport: { width: 2600, height: 1600 } },
]) {
  session(`are those of a cold launch: ${JSON.stringify(settings)}`, async ({ start }) => {
    const { cold, warm } = await bothWays(start, settings);
    assert.equal(warm, cold);
    assert.is(cold.screenshot, `${settings.viewport.width}x${settings.viewport.height}`);
  });
}

suiteOfSessions.run();
