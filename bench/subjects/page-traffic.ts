/** What goes between a client and its page: many small commands, and a few large answers. Each way to it in turns. */
import { inTurns, type Taken, type Turns } from '../harness/in-turns.ts';
import { timeMs } from '../harness/time-ms.ts';
import type { ChromePage } from './chrome-page.ts';

const MB = 1_000_000;
/** Round trips of one side before the other one's turn. */
const BATCH = 100;
export const LARGE_MB = 5;

type Ways = Readonly<Record<string, ChromePage>>;

export const roundTrips = (turns: Turns, ways: Ways): Promise<Taken> =>
  inTurns(
    turns,
    Object.entries(ways).map(([name, page]) => async (take) => {
      for (let i = 0; i < BATCH; i++) take(name, await timeMs(() => page.evaluate('1')));
    }),
  );

/** In MB a second. */
export const largeAnswers = (turns: Turns, ways: Ways): Promise<Taken> =>
  inTurns(
    turns,
    Object.entries(ways).map(([name, page]) => async (take) => {
      const tookMs = await timeMs(async () => {
        const text = (await page.evaluate(`'x'.repeat(${LARGE_MB * MB})`)) as string;
        if (text.length !== LARGE_MB * MB) throw new Error('a large answer did not come through whole');
      });
      take(name, (LARGE_MB * 1000) / tookMs);
    }),
  );
