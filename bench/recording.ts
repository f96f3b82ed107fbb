import { descendantsOf } from '../tests/e2e/support/processes.ts';
import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { type BusyPage, serveBusyPage } from './subjects/busy-page.ts';
import { cpuMs } from './subjects/cpu-ms.ts';
import { type DrivenSession, openDrivenSession } from './subjects/driven-session.ts';

const ROUNDS = 8;
/** One after the other without a pause: the most that a client can ask of a page. */
const CLICKS = 60;
/** Less than what ends a part. */
const IDLE_MS = 5_000;
const SECOND_MS = 1_000;

/** Of a session's controller and all of its Chrome; what ended meanwhile is not in it. */
const treeCpuMs = (pid: number): number =>
  [pid, ...descendantsOf(pid).map((each) => each.pid)].reduce((sum, each) => sum + cpuMs(each), 0);

/** What the session takes of a processor in a second of this. */
async function cpuOf(pid: number, run: () => Promise<unknown>): Promise<number> {
  const beforeMs = treeCpuMs(pid);
  const spentMs = await timeMs(run);
  return ((treeCpuMs(pid) - beforeMs) * SECOND_MS) / spentMs;
}

/** A page is opened; then clicks without a pause, and then nothing. */
const side =
  (name: string, { page, controllerPid }: DrivenSession, { url }: BusyPage): Side =>
  async (take) => {
    await page.goto(url);
    const clickAll = async () => {
      for (let click = 0; click < CLICKS; click++)
        take(`click-${name}`, await timeMs(() => page.click('button')));
    };
    take(`working-${name}`, await cpuOf(controllerPid, clickAll));
    const nothing = () => new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    take(`idle-${name}`, await cpuOf(controllerPid, nothing));
  };

export const recording: Part = {
  name: 'recording',
  what: 'a click of a loop by Playwright that does nothing else while the session is filmed, and what its controller and Chrome take of a processor in a second of it, and in a second of nothing',
  async run(bench) {
    const platform = await bench.platform(COLD);
    const busy = await serveBusyPage();
    const filmed = await openDrivenSession(platform, { logSession: false, recordSession: true });
    const without = await openDrivenSession(platform, { logSession: false });
    try {
      const { samples, failures } = await inTurns(bench.turns(ROUNDS), [
        side('on', filmed, busy),
        side('off', without, busy),
      ]);
      const { pageCount } = await platform.client.sessions.replays.retrieve(filmed.id);
      if (pageCount === 0)
        bench.note(
          '`recording`: nothing was filmed. Chrome has a recorder from 153 on: CHROME_PATH names another.',
        );
      return (['click', 'working', 'idle'] as const).map((name) => ({
        name: name === 'click' ? 'recording.click' : `recording.cpu-${name}`,
        unit: 'ms' as const,
        samples: samples(`${name}-on`),
        baseline: { name: 'recordSession: false', samples: samples(`${name}-off`) },
        failures,
      }));
    } finally {
      await filmed.release();
      await without.release();
      await platform.rest();
      busy.close();
    }
  },
};
