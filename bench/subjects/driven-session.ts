import { chromium, type Page } from 'playwright-core';
import type { Platform } from './platform.ts';

/** A session whose page Playwright drives, and the process that works for it. */
export interface DrivenSession {
  readonly id: string;
  readonly page: Page;
  readonly controllerPid: number;
  release(): Promise<void>;
}

export async function openDrivenSession(
  platform: Platform,
  settings: { readonly logSession: boolean; readonly recordSession?: boolean },
): Promise<DrivenSession> {
  const { client } = platform;
  const before = new Set(platform.chromes().map(({ controllerPid }) => controllerPid));
  const { id, connectUrl } = await client.sessions.create({
    keepAlive: true,
    // A film beside what is measured would be measured too.
    browserSettings: { recordSession: false, ...settings },
  });
  const controllerPid = platform.chromes().find((each) => !before.has(each.controllerPid))?.controllerPid;
  const browser = await chromium.connectOverCDP(connectUrl);
  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined || controllerPid === undefined) throw new Error('the session has no page');
  return {
    id,
    page,
    controllerPid,
    async release() {
      await browser.close();
      await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
    },
  };
}
