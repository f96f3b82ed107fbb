import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { type BusyPage, serveBusyPage } from './subjects/busy-page.ts';
import { type DrivenSession, openDrivenSession } from './subjects/driven-session.ts';
import { showLongPage, workAsAnAgent } from './subjects/long-page.ts';
import { treeMb } from './subjects/memory-mb.ts';
import { sessionCpuMs } from './subjects/session-cpu.ts';

const ROUNDS = 8;
const SECOND_MS = 1_000;
/** One after the other without a pause: the most that a client can ask of a page. */
const CLICKS = 100;
/** Less than what ends a part. */
const IDLE_MS = 5_000;

const FIGURES = [
  { of: 'clicks', name: 'recording.clicks', unit: '/s' },
  { of: 'clicking', name: 'recording.cpu-clicking', unit: 'ms' },
  { of: 'working', name: 'recording.cpu-working', unit: 'ms' },
  { of: 'idle', name: 'recording.cpu-idle', unit: 'ms' },
  { of: 'memory', name: 'recording.memory', unit: 'MB' },
] as const;

/** A page is opened; then clicks without a pause, then nothing, and then what an agent does. */
const side =
  (name: string, { page, controllerPid }: DrivenSession, { url }: BusyPage): Side =>
  async (take) => {
    await page.goto(url);
    const clickAll = async () => {
      const tookMs = await timeMs(async () => {
        for (let click = 0; click < CLICKS; click++) await page.click('button');
      });
      take(`clicks-${name}`, (CLICKS * SECOND_MS) / tookMs);
    };
    take(`clicking-${name}`, await sessionCpuMs(controllerPid, clickAll));
    take(`memory-${name}`, treeMb(controllerPid));
    const nothing = () => new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    take(`idle-${name}`, await sessionCpuMs(controllerPid, nothing));
    await showLongPage(page);
    take(`working-${name}`, await sessionCpuMs(controllerPid, () => workAsAnAgent(page)));
  };

export const recording: Part = {
  name: 'recording',
  what: 'clicks a second of a loop by Playwright that does nothing else while the session is filmed, and what its controller and Chrome take of a processor in a second of it, of an agent at work and of nothing, and of memory',
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
      return FIGURES.map(({ of: name, ...figure }) => ({
        ...figure,
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
