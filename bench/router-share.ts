import { COLD, type Part } from './harness/part.ts';
import { openChromePage } from './subjects/chrome-page.ts';
import { largeAnswers, roundTrips } from './subjects/page-traffic.ts';
import { createRelayedSession } from './subjects/relayed-session.ts';

const BATCHES = 30;
const LARGE_ROUNDS = 20;

export const routerShare: Part = {
  name: 'router-share',
  what: 'the same session through the router, beside its proxy’s own port: what the router adds',
  async run(bench) {
    const platform = await bench.platform(COLD);
    const session = await createRelayedSession(platform);
    try {
      const ways = {
        routed: await openChromePage(session.routedUrl),
        own: await openChromePage(session.ownUrl),
      };
      const small = await roundTrips(bench.turns(BATCHES), ways);
      const large = await largeAnswers(bench.turns(LARGE_ROUNDS), ways);
      const of = ({ samples, failures }: typeof small) => ({
        samples: samples('routed'),
        baseline: { name: 'the proxy’s port', samples: samples('own') },
        failures,
      });
      return [
        { name: 'router-share.round-trip', unit: 'ms', ...of(small) },
        { name: 'router-share.large-answer', unit: 'MB/s', ...of(large) },
      ];
    } finally {
      await session.release();
    }
  },
};
