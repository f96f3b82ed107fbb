import type { Figure } from './harness/figure.ts';
import { inTurns, type Side } from './harness/in-turns.ts';
import { type Bench, COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { type ChromePage, openChromePage } from './subjects/chrome-page.ts';
import { startDirectChrome } from './subjects/direct-chrome.ts';
import { startHelper } from './subjects/helper-process.ts';
import { largeAnswers, roundTrips } from './subjects/page-traffic.ts';
import { createRelayedSession } from './subjects/relayed-session.ts';

const BATCHES = 30;
const LARGE_ROUNDS = 20;
const HUGE_ROUNDS = 2;
const HUGE = 25_000_000;

/** Of one Chrome by the relay, and of another by its port and by the least that can stand before it. */
type Ways = Readonly<Record<'ours' | 'direct' | 'floor', ChromePage>>;

/** Both ways, whole. */
function hugeSide(name: string, page: ChromePage): Side {
  const text = 'x'.repeat(HUGE);
  return async (take) => {
    let [sent, received]: unknown[] = [];
    const tookMs = await timeMs(async () => {
      sent = await page.evaluate(`'${text}'.length`);
      received = ((await page.evaluate(`'x'.repeat(${HUGE})`)) as string).length;
    });
    if (sent !== HUGE || received !== HUGE) throw new Error('a message of 25 MB did not come through whole');
    take(name, tookMs);
  };
}

async function measure(bench: Bench, ways: Ways): Promise<readonly Figure[]> {
  const { ours, direct } = ways;
  const small = await roundTrips(bench.turns(BATCHES), ways);
  const large = await largeAnswers(bench.turns(LARGE_ROUNDS), ways);
  const huge = await inTurns(bench.turns(HUGE_ROUNDS), [
    hugeSide('ours', ours),
    hugeSide('direct', direct),
    hugeSide('floor', ways.floor),
  ]);
  const of = (taken: typeof small) => ({
    samples: taken.samples('ours'),
    baseline: { name: 'Chrome’s own port', samples: taken.samples('direct') },
    floor: { name: 'a bare pipe', samples: taken.samples('floor') },
    failures: taken.failures,
  });
  return [
    { name: 'relay.round-trip', unit: 'ms', ...of(small) },
    { name: 'relay.large-answer', unit: 'MB/s', ...of(large) },
    { name: 'relay.huge', unit: 'ms', ...of(huge) },
  ];
}

export const relay: Part = {
  name: 'relay',
  what: 'round trips, answers of 5 MB, and 25 MB both ways by the proxy of a session, beside Chrome’s own port',
  async run(bench) {
    const platform = await bench.platform(COLD);
    const session = await createRelayedSession(platform);
    const direct = await startDirectChrome(platform.chromePath);
    const { port } = new URL(direct.url);
    const pipe = await startHelper<number>(new URL('floor/pipe.ts', import.meta.url), [port]);
    try {
      return await measure(bench, {
        ours: await openChromePage(session.ownUrl),
        direct: await openChromePage(direct.url),
        floor: await openChromePage(direct.url.replace(`:${port}/`, `:${pipe.said}/`)),
      });
    } finally {
      await pipe.end();
      await direct.stop();
      await session.release();
    }
  },
};
