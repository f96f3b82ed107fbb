import { startSite } from '../tests/e2e/support/pages.ts';
import { FLOOR_NAME, type Floor, openFloor } from './floor/floor.ts';
import type { Figure } from './harness/figure.ts';
import { inTurns, type Side, type Take } from './harness/in-turns.ts';
import { type Part, USUAL, USUAL_WARM } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { floorLifecycle, ourLifecycle, rawLifecycle } from './subjects/lifecycle.ts';
import type { Platform } from './subjects/platform.ts';

const ROUNDS = 4;
const AT_A_TIME = 10;

/** All at once; rejects with all that went wrong, when all have ended. */
async function together(one: () => Promise<void>): Promise<void> {
  const ended = await Promise.allSettled(Array.from({ length: AT_A_TIME }, one));
  const faults = ended.flatMap((each) =>
    each.status === 'rejected' ? [(each.reason as Error).message] : [],
  );
  if (faults.length > 0) throw new Error(`${faults.length} of ${AT_A_TIME} failed: ${faults.join('; ')}`);
}

const named =
  (take: Take, prefix: string): Take =>
  (name, value) =>
    take(`${prefix}.${name}`, value);

const ours =
  (platform: Platform, pageUrl: string, name: string): Side =>
  async (take) => {
    const tookMs = await timeMs(() =>
      together(() => ourLifecycle(platform.client, { pageUrl, take: named(take, name) })),
    );
    take(`${name}.all`, tookMs);
  };

/** Ten, while sessions that took what was in the pool go on: what they took is not there for these. */
const drained =
  (platform: Platform, pageUrl: string): Side =>
  async (take) => {
    const { client } = platform;
    await platform.rest();
    const held = await Promise.all(Array.from({ length: USUAL_WARM }, () => client.sessions.create()));
    try {
      await ours(platform, pageUrl, 'drained')(take);
    } finally {
      for (const { id } of held) await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
    }
    await platform.rest();
  };

const raw =
  (platform: Platform, pageUrl: string): Side =>
  async (take) => {
    const tookMs = await timeMs(() =>
      together(() => rawLifecycle(platform.chromePath, { pageUrl, take: named(take, 'direct') })),
    );
    take('direct.all', tookMs);
  };

/** A container for each: what ten sessions take when none waits for them. */
const least =
  (floor: Floor, pageUrl: string): Side =>
  async (take) => {
    const tookMs = await timeMs(() =>
      together(() => floorLifecycle(floor, { start: 'cold', pageUrl, take: named(take, 'least') })),
    );
    take('least.all', tookMs);
    await floor.rest();
  };

export const lifecycleTen: Part = {
  name: 'lifecycle-ten',
  what: `the same ${AT_A_TIME} at a time: with the pool full, and with what was in it taken`,
  async run(bench): Promise<readonly Figure[]> {
    const platform = await bench.platform(USUAL);
    const site = await startSite();
    const floor = await openFloor(platform);
    const full: Side = async (take) => {
      await platform.rest();
      await ours(platform, site.url, 'full')(take);
      await platform.rest();
    };
    try {
      const taken = await inTurns(bench.turns(ROUNDS), [
        full,
        raw(platform, site.url),
        drained(platform, site.url),
        least(floor, site.url),
      ]);
      const { samples, failures } = taken;
      const each = { name: 'ten raw', samples: samples('direct.raw') };
      const all = { name: 'ten raw', samples: samples('direct.all') };
      const eachFloor = { name: FLOOR_NAME, samples: samples('least.floor') };
      const allFloor = { name: FLOOR_NAME, samples: samples('least.all') };
      const hasPool = (await platform.warmAvailable()) !== undefined;
      if (!hasPool) bench.note('lifecycle-ten: without a warm pool, so that full and drained are alike');
      return ['full', 'drained'].flatMap((name) => [
        {
          name: `${this.name}.${name}`,
          unit: 'ms',
          samples: samples(`${name}.total`),
          baseline: each,
          floor: eachFloor,
          failures,
        },
        {
          name: `${this.name}.${name}-all`,
          unit: 'ms',
          samples: samples(`${name}.all`),
          baseline: all,
          floor: allFloor,
        },
      ]);
    } finally {
      await floor.close();
      await site.close();
    }
  },
};
