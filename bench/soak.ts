/** Many lifecycles, one platform: that none fails, and that nothing grows after the first ones. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { startSite } from '../tests/e2e/support/pages.ts';
import { descendantsOf, openFileCount } from '../tests/e2e/support/processes.ts';
import type { Figure, Unit } from './harness/figure.ts';
import { type Bench, type Part, USUAL } from './harness/part.ts';
import { ourLifecycle } from './subjects/lifecycle.ts';
import type { Platform } from './subjects/platform.ts';
import { platformMemory } from './subjects/platform-memory.ts';
import { loadWith } from './subjects/session-load.ts';

const LIFECYCLES = 2000;
const STAGE = 200;
const AT_A_TIME = 3;

const UNITS = {
  memory: 'MB',
  files: 'files',
  processes: 'processes',
  leftovers: 'files',
} as const satisfies Record<string, Unit>;
type Held = Readonly<Record<keyof typeof UNITS, number>>;

/** What is held at rest. */
async function readHeld({ wallcrawler, rest }: Platform): Promise<Held> {
  await rest();
  const { platformMb, dynamodbMb } = platformMemory(wallcrawler);
  const leftovers = readdirSync(tmpdir()).filter((name) => /org\.chromium|scoped_dir|wallcrawler/.test(name));
  return {
    memory: platformMb + dynamodbMb,
    files: openFileCount(wallcrawler.pid),
    processes: descendantsOf(wallcrawler.pid).length,
    leftovers: leftovers.length,
  };
}

async function soakIn(bench: Bench, platform: Platform, pageUrl: string): Promise<readonly Figure[]> {
  const { rounds: lifecycles } = bench.turns(LIFECYCLES);
  const totals: number[] = [];
  const failures: string[] = [];
  const held: Held[] = [];
  const take = (name: string, value: number) => {
    if (name === 'total') totals.push(value);
  };
  for (let done = 0; done < lifecycles; done += STAGE) {
    const load = { sessions: Math.min(STAGE, lifecycles - done), atATime: AT_A_TIME };
    failures.push(...(await loadWith(load, () => ourLifecycle(platform.client, { pageUrl, take }))));
    held.push(await readHeld(platform));
    console.error(
      `soak: ${done + load.sessions} of ${lifecycles}, ${failures.length} failed, ${JSON.stringify(held.at(-1))}`,
    );
  }
  const [first, ...later] = held;
  return [
    { name: 'soak.total', unit: 'ms', samples: totals, failures },
    { name: 'soak.failures', unit: 'failures', samples: [failures.length] },
    ...(Object.keys(UNITS) as (keyof Held)[]).map((what) => ({
      name: `soak.${what}`,
      unit: UNITS[what],
      // The last ones: what grew on the way stands there.
      samples: later.slice(-3).map((each) => each[what]),
      baseline: { name: `after ${STAGE}`, samples: first === undefined ? [] : [first[what]] },
    })),
  ];
}

export const soak: Part = {
  name: 'soak',
  what: `${LIFECYCLES} lifecycles, ${AT_A_TIME} at a time: what failed, and what the platform holds at rest beside what it held after ${STAGE}`,
  isOnRequest: true,
  async run(bench) {
    const platform = await bench.platform(USUAL);
    const site = await startSite();
    try {
      return await soakIn(bench, platform, site.url);
    } finally {
      await site.close();
    }
  },
};
