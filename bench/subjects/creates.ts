/** A create until its Chrome has answered, and a bare launch until the same, in turns. */
import type { Browserbase } from '@browserbasehq/sdk';
import { FLOOR_NAME, type Floor } from '../floor/floor.ts';
import type { Figure } from '../harness/figure.ts';
import { inTurns, type Side, type Turns } from '../harness/in-turns.ts';
import { timeMs } from '../harness/time-ms.ts';
import { type DirectStart, startDirectChrome } from './direct-chrome.ts';
import { firstAnswer } from './first-answer.ts';
import type { Platform } from './platform.ts';

export interface Creates extends Turns {
  /** The part that asks. */
  readonly name: string;
  readonly settings?: Browserbase.SessionCreateParams;
  readonly direct?: DirectStart;
  readonly floor?: { readonly floor: Floor; readonly start: 'warm' | 'cold' };
}

export async function measureCreates(platform: Platform, creates: Creates): Promise<readonly Figure[]> {
  const { name, settings = {}, direct, floor } = creates;
  if (floor?.start === 'warm') await floor.floor.fill();
  const taken = await inTurns(creates, [
    createSide(platform, settings),
    directSide(platform, direct),
    ...(floor === undefined ? [] : [floorSide(floor)]),
  ]);
  const { failures } = taken;
  const what = direct === undefined ? 'direct launch' : 'tar and direct launch';
  const baseline = { name: what, samples: taken.samples('direct') };
  return (['create', 'first-answer'] as const).map((of) => ({
    name: `${name}.${of}`,
    unit: 'ms',
    samples: taken.samples(of),
    baseline,
    failures,
    ...(floor === undefined ? {} : { floor: { name: FLOOR_NAME, samples: taken.samples(`floor-${of}`) } }),
  }));
}

const floorSide =
  ({ floor, start }: NonNullable<Creates['floor']>): Side =>
  async (take) => {
    const startedAt = performance.now();
    const session = await floor.create(start);
    const createMs = performance.now() - startedAt;
    try {
      const cdp = await firstAnswer(session.url);
      take('floor-first-answer', performance.now() - startedAt);
      take('floor-create', createMs);
      cdp.cut();
    } finally {
      await session.release();
    }
    await floor.rest();
    // Of the next round: by then it has come to rest, as ours has.
    if (start === 'warm') await floor.fill();
  };

const createSide =
  (platform: Platform, settings: Browserbase.SessionCreateParams): Side =>
  async (take) => {
    const { client } = platform;
    await platform.rest();
    const startedAt = performance.now();
    const session = await client.sessions.create(settings);
    const createMs = performance.now() - startedAt;
    try {
      const cdp = await firstAnswer(session.connectUrl);
      take('first-answer', performance.now() - startedAt);
      take('create', createMs);
      await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
      await cdp.closed;
    } finally {
      await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
    }
    await platform.rest();
  };

const directSide =
  (platform: Platform, direct: DirectStart = {}): Side =>
  async (take) => {
    const started: Awaited<ReturnType<typeof startDirectChrome>>[] = [];
    const tookMs = await timeMs(async () => {
      const chrome = await startDirectChrome(platform.chromePath, direct);
      started.push(chrome);
      const cdp = await firstAnswer(chrome.url);
      setImmediate(() => cdp.cut());
    }).finally(() => Promise.all(started.map(({ stop }) => stop())));
    take('direct', tookMs);
  };
