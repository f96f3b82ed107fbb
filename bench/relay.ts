import type { Figure } from './harness/figure.ts';
import { inTurns } from './harness/in-turns.ts';
import { type Bench, COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { type ChromePage, openChromePage } from './subjects/chrome-page.ts';
import { startDirectChrome } from './subjects/direct-chrome.ts';
import { largeAnswers, roundTrips } from './subjects/page-traffic.ts';
import { createRelayedSession } from './subjects/relayed-session.ts';

const BATCHES = 30;
const LARGE_ROUNDS = 20;
const HUGE_ROUNDS = 2;
const HUGE = 100_000_000;

/** Both ways, whole. Without a baseline: Chrome's own port does not take a message of this size in minutes. */
async function hugeMessages(bench: Bench, ours: ChromePage): Promise<readonly Figure[]> {
  const text = 'x'.repeat(HUGE);
  const { samples, failures } = await inTurns(bench.turns(HUGE_ROUNDS), [
    async (take) => {
      let [sent, received]: unknown[] = [];
      const tookMs = await timeMs(async () => {
        sent = await ours.evaluate(`'${text}'.length`);
        received = ((await ours.evaluate(`'x'.repeat(${HUGE})`)) as string).length;
      });
      if (sent !== HUGE || received !== HUGE)
        throw new Error('a message of 100 MB did not come through whole');
      take('ours', tookMs);
    },
  ]);
  return [{ name: 'relay.huge', unit: 'ms', samples: samples('ours'), failures }];
}

async function measure(bench: Bench, ours: ChromePage, direct: ChromePage): Promise<readonly Figure[]> {
  const ways = { ours, direct };
  const small = await roundTrips(bench.turns(BATCHES), ways);
  const large = await largeAnswers(bench.turns(LARGE_ROUNDS), ways);
  const of = (taken: typeof small) => ({
    samples: taken.samples('ours'),
    baseline: { name: 'Chrome’s own port', samples: taken.samples('direct') },
    failures: taken.failures,
  });
  return [
    { name: 'relay.round-trip', unit: 'ms', ...of(small) },
    { name: 'relay.large-answer', unit: 'MB/s', ...of(large) },
    ...(await hugeMessages(bench, ours)),
  ];
}

export const relay: Part = {
  name: 'relay',
  what: 'round trips and answers of 5 MB by the proxy of a session, beside Chrome’s own port; and 100 MB both ways',
  async run(bench) {
    const platform = await bench.platform(COLD);
    const session = await createRelayedSession(platform);
    const direct = await startDirectChrome(platform.chromePath);
    try {
      return await measure(bench, await openChromePage(session.ownUrl), await openChromePage(direct.url));
    } finally {
      await direct.stop();
      await session.release();
    }
  },
};
