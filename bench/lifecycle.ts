import { type Site, startSite } from '../tests/e2e/support/pages.ts';
import { FLOOR_NAME, type Floor, openFloor } from './floor/floor.ts';
import type { Figure } from './harness/figure.ts';
import { inTurns, type Taken } from './harness/in-turns.ts';
import { type Bench, type Part, USUAL } from './harness/part.ts';
import { floorLifecycle, ourLifecycle, rawLifecycle } from './subjects/lifecycle.ts';
import type { Platform } from './subjects/platform.ts';

const ROUNDS = 20;
/** In the middle, each right after the one before. */
const DRAIN_ROUNDS = 6;
const STEPS = ['create', 'connect', 'goto', 'release'] as const;

interface Place {
  readonly bench: Bench;
  readonly platform: Platform;
  readonly pageUrl: string;
  readonly floor: Floor;
}

/** From a machine at rest, its pool full. */
const half = ({ bench, platform, pageUrl, floor }: Place): Promise<Taken> =>
  inTurns(bench.turns(ROUNDS / 2), [
    async (take) => {
      await platform.rest();
      await ourLifecycle(platform.client, { pageUrl, take });
      await platform.rest();
    },
    (take) => rawLifecycle(platform.chromePath, { pageUrl, take }),
    async (take) => {
      await floorLifecycle(floor, { start: 'warm', pageUrl, take });
      await floor.rest();
      await floor.fill();
    },
  ]);

/** One after the other without a pause: the pool drains, and is refilled while others are served. */
const drain = ({ bench, platform, pageUrl }: Place): Promise<Taken> =>
  inTurns(bench.turns(DRAIN_ROUNDS), [(take) => ourLifecycle(platform.client, { pageUrl, take })]);

async function measure(name: string, place: Place): Promise<readonly Figure[]> {
  const before = await half(place);
  const drained = await drain(place);
  const after = await half(place);
  const both = (of: string) => [...before.samples(of), ...after.samples(of)];
  const failures = [...before.failures, ...after.failures];
  const baseline = { name: 'raw', samples: both('raw') };
  const floor = { name: FLOOR_NAME, samples: both('floor') };
  return [
    { name: `${name}.total`, unit: 'ms', samples: both('total'), baseline, floor, failures },
    ...STEPS.map((step) => ({ name: `${name}.${step}`, unit: 'ms' as const, samples: both(step) })),
    {
      name: `${name}.no-pause`,
      unit: 'ms',
      samples: drained.samples('total'),
      baseline,
      failures: drained.failures,
    },
  ];
}

export const lifecycle: Part = {
  name: 'lifecycle',
  what: 'create, connect, goto and release with Playwright, one at a time, beside the same with a Chrome of one’s own',
  async run(bench) {
    const platform = await bench.platform(USUAL);
    if ((await platform.warmAvailable()) === undefined) bench.note('lifecycle: without a warm pool');
    const site: Site = await startSite();
    const floor = await openFloor(platform);
    try {
      await floor.fill();
      return await measure(this.name, { bench, platform, pageUrl: site.url, floor });
    } finally {
      await floor.close();
      await site.close();
    }
  },
};
