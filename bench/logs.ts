import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { type BusyPage, serveBusyPage } from './subjects/busy-page.ts';
import { cpuMs } from './subjects/cpu-ms.ts';
import { type DrivenSession, openDrivenSession } from './subjects/driven-session.ts';

const ROUNDS = 12;
const NAVIGATIONS = 3;
/** Of one navigation. */
const CLICKS = 5;

/** Some navigations with clicks on each page. */
const side =
  (name: string, { page, controllerPid }: DrivenSession, { url }: BusyPage): Side =>
  async (take) => {
    const beforeMs = cpuMs(controllerPid);
    for (let navigation = 0; navigation < NAVIGATIONS; navigation++) {
      take(`navigation-${name}`, await timeMs(() => page.goto(url)));
      for (let click = 0; click < CLICKS; click++)
        take(`click-${name}`, await timeMs(() => page.click('button')));
    }
    take(`cpu-${name}`, (cpuMs(controllerPid) - beforeMs) / NAVIGATIONS);
  };

export const logs: Part = {
  name: 'logs',
  what: 'a navigation with 20 scripts and a click by Playwright with the session’s log, and what its controller takes of a processor for one navigation and 5 clicks',
  async run(bench) {
    const platform = await bench.platform(COLD);
    const busy = await serveBusyPage();
    const withLog = await openDrivenSession(platform, { logSession: true });
    const without = await openDrivenSession(platform, { logSession: false });
    try {
      const { samples, failures } = await inTurns(bench.turns(ROUNDS), [
        side('on', withLog, busy),
        side('off', without, busy),
      ]);
      return (['navigation', 'click', 'cpu'] as const).map((name) => ({
        name: name === 'cpu' ? 'logs.controller-cpu' : `logs.${name}`,
        unit: 'ms',
        samples: samples(`${name}-on`),
        baseline: { name: 'logSession: false', samples: samples(`${name}-off`) },
        failures,
      }));
    } finally {
      await withLog.release();
      await without.release();
      await platform.rest();
      busy.close();
    }
  },
};
