import * as assert from 'uvu/assert';
import type { ContainerSettings } from '../../core/domain/container-settings.ts';
import { describeBrowser } from './describe-browser.ts';
import { connect, type SessionTest } from './session-suite.ts';
import { startUntrustedSite } from './untrusted-site.ts';

/** The browser of a container that was started for these settings, and that of one that was claimed with them. */
export async function bothWays(start: SessionTest['start'], settings: Partial<ContainerSettings>) {
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
