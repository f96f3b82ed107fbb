import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { type BusyPage, FILE_BYTES, serveBusyPage } from './subjects/busy-page.ts';
import { cpuMs } from './subjects/cpu-ms.ts';
import { type DrivenSession, openDrivenSession } from './subjects/driven-session.ts';
import type { Platform } from './subjects/platform.ts';

const ROUNDS = 12;
const NAVIGATIONS = 3;
/** Of one navigation. */
const CLICKS = 5;
const LOOK_EVERY_MS = 20;

/** Begins one as a click on a link does; resolves when Chrome has begun it. */
const beginDownload = ({ page }: DrivenSession, { fileUrl }: BusyPage) =>
  Promise.all([
    page.waitForEvent('download'),
    page.evaluate(`Object.assign(document.createElement('a'), { href: '${fileUrl}' }).click()`),
  ]);

async function untilListed(platform: Platform, sessionId: string, count: number): Promise<void> {
  const path = `/v1/downloads?sessionId=${sessionId}&limit=1` as const;
  for (;;) {
    const { total } = await platform.client.get<unknown, { total: number }>(path);
    if (total >= count) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Some navigations with clicks on each page, and before each of them a download that goes on meanwhile, or none. */
function side(name: 'with' | 'without', platform: Platform, session: DrivenSession, busy: BusyPage): Side {
  const { page, controllerPid } = session;
  let downloads = 0;
  return async (take) => {
    await page.goto(busy.url);
    const beforeMs = cpuMs(controllerPid);
    for (let navigation = 0; navigation < NAVIGATIONS; navigation++) {
      if (name === 'with') await beginDownload(session, busy);
      take(`navigation-${name}`, await timeMs(() => page.goto(busy.url)));
      for (let click = 0; click < CLICKS; click++)
        take(`click-${name}`, await timeMs(() => page.click('button')));
    }
    if (name === 'with') downloads += NAVIGATIONS;
    if (name === 'with') take('listed', await timeMs(() => untilListed(platform, session.id, downloads)));
    take(`cpu-${name}`, (cpuMs(controllerPid) - beforeMs) / NAVIGATIONS);
  };
}

export const downloads: Part = {
  name: 'downloads',
  what: `a navigation with 20 scripts and a click by Playwright while a file of ${FILE_BYTES / 1024 / 1024} MB is downloaded and stored, and what the session’s controller takes of a processor for one navigation, 5 clicks and one file`,
  async run(bench) {
    const platform = await bench.platform(COLD);
    const busy = await serveBusyPage();
    const session = await openDrivenSession(platform, { logSession: false });
    try {
      const { samples, failures } = await inTurns(bench.turns(ROUNDS), [
        side('with', platform, session, busy),
        side('without', platform, session, busy),
      ]);
      const beside = (['navigation', 'click', 'cpu'] as const).map((name) => ({
        name: name === 'cpu' ? 'downloads.controller-cpu' : `downloads.${name}`,
        unit: 'ms' as const,
        samples: samples(`${name}-with`),
        baseline: { name: 'without downloads', samples: samples(`${name}-without`) },
        failures,
      }));
      return [
        ...beside,
        { name: 'downloads.listed', unit: 'ms' as const, samples: samples('listed'), failures },
      ];
    } finally {
      await session.release();
      await platform.rest();
      busy.close();
    }
  },
};
