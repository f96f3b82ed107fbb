import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { startDirectChrome } from './subjects/direct-chrome.ts';
import { firstAnswer } from './subjects/first-answer.ts';
import { pssMb, treeMb } from './subjects/memory-mb.ts';
import type { Platform } from './subjects/platform.ts';
import { untilSteady } from './subjects/until-steady.ts';

const ROUNDS = 3;
/** How many make density: shared pages count by share, and one browser alone has nobody to share them with. */
const TOGETHER = 5;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** So many sessions at once: what each takes. */
const ours =
  (platform: Platform, count: number, name: string): Side =>
  async (take) => {
    const { client } = platform;
    const open = [];
    try {
      for (let number = 0; number < count; number++) {
        const session = await client.sessions.create();
        open.push({ session, cdp: await firstAnswer(session.connectUrl) });
      }
      const browsers = platform.chromes();
      const each = () => mean(browsers.map(({ chrome }) => treeMb(chrome.pid)));
      take(`chrome${name}`, await untilSteady(each));
      take(`controller${name}`, mean(browsers.map(({ controllerPid }) => pssMb(controllerPid))));
    } finally {
      for (const { session } of open) await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
      for (const { cdp } of open) await cdp.closed;
      await platform.rest();
    }
  };

/** As many Chromes without anything of ours. */
const direct =
  (platform: Platform, count: number, name: string): Side =>
  async (take) => {
    const chromes: Awaited<ReturnType<typeof startDirectChrome>>[] = [];
    try {
      for (let number = 0; number < count; number++) {
        const chrome = await startDirectChrome(platform.chromePath);
        chromes.push(chrome);
        await firstAnswer(chrome.url);
      }
      take(`direct${name}`, await untilSteady(() => mean(chromes.map(({ pid }) => treeMb(pid)))));
    } finally {
      for (const chrome of chromes) await chrome.stop();
    }
  };

export const density: Part = {
  name: 'density',
  what: `what a session takes (PSS) when ${TOGETHER} run, and when one runs alone: its controller, and its Chrome beside a direct one`,
  async run(bench) {
    const platform = await bench.platform(COLD);
    const { samples, failures } = await inTurns(bench.turns(ROUNDS), [
      ours(platform, TOGETHER, ''),
      direct(platform, TOGETHER, ''),
      ours(platform, 1, '-alone'),
      direct(platform, 1, '-alone'),
    ]);
    return ['', '-alone'].flatMap((name) => [
      { name: `density.controller${name}`, unit: 'MB', samples: samples(`controller${name}`), failures },
      {
        name: `density.chrome${name}`,
        unit: 'MB',
        samples: samples(`chrome${name}`),
        baseline: { name: 'direct Chrome', samples: samples(`direct${name}`) },
        floor: { name: 'direct Chrome', samples: samples(`direct${name}`) },
        failures,
      },
    ]);
  },
};
