import { type Browser, chromium, type Page } from 'playwright-core';
import { EgressDoor } from '../controller/egress/door.ts';
import { EgressGuard } from '../controller/egress/guard.ts';
import { systemClock } from '../core/clock/system-clock.ts';
import { lookupAll } from '../core/public-network/lookup-all.ts';
import { parseAllowedNetworks } from '../core/public-network/public-address.ts';
import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { type BusyPage, SCRIPTS, serveBusyPage } from './subjects/busy-page.ts';
import { type DirectChrome, startDirectChrome } from './subjects/direct-chrome.ts';

const ROUNDS = 30;
const MAX_CONNECTIONS = 1_000;
/** The page itself, and its scripts. */
const REQUESTS = 1 + SCRIPTS;

interface Driven {
  readonly page: Page;
  stop(): Promise<void>;
}

const drive = async (chrome: DirectChrome): Promise<Driven> => {
  const browser: Browser = await chromium.connectOverCDP(chrome.url);
  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined) throw new Error('Chrome has no page');
  return {
    page,
    async stop() {
      await browser.close();
      await chrome.stop();
    },
  };
};

/** A guard in this process: that of a session has its controller's. */
async function openGuard() {
  const guard = new EgressGuard({
    lookup: lookupAll,
    allowed: parseAllowedNetworks(['127.0.0.1/32']),
    clock: systemClock,
    onFault: () => undefined,
  });
  const door = new EgressDoor(MAX_CONNECTIONS);
  const address = await door.listen();
  door.open(
    (socket, upstream) => guard.serve(socket, upstream),
    () => undefined,
  );
  return {
    address,
    close(): void {
      door.close();
      guard.close();
    },
  };
}

const side =
  (name: string, { page }: Driven, sites: { readonly https: BusyPage; readonly http: BusyPage }): Side =>
  async (take) => {
    take(`https-${name}`, await timeMs(() => page.goto(sites.https.url)));
    const plainMs = await timeMs(() => page.goto(sites.http.url));
    take(`http-${name}`, plainMs);
    take(`http-request-${name}`, plainMs / REQUESTS);
  };

export const egress: Part = {
  name: 'egress',
  what: 'a page with 20 scripts through the guard, by https and by plain http',
  async run(bench) {
    const { chromePath } = await bench.platform(COLD);
    const sites = { https: await serveBusyPage(true), http: await serveBusyPage() };
    const guard = await openGuard();
    const ignoreCertificateErrors = true;
    const guarded = await drive(
      await startDirectChrome(chromePath, { egress: guard.address, ignoreCertificateErrors }),
    );
    const open = await drive(await startDirectChrome(chromePath, { ignoreCertificateErrors }));
    try {
      const sides = [side('guarded', guarded, sites), side('open', open, sites)];
      // Connections and caches of both.
      await inTurns({ ...bench.turns(ROUNDS), rounds: 2 }, sides);
      const { samples, failures } = await inTurns(bench.turns(ROUNDS), sides);
      return (['https', 'http', 'http-request'] as const).map((name) => ({
        name: `egress.${name}`,
        unit: 'ms',
        samples: samples(`${name}-guarded`),
        baseline: { name: 'no guard', samples: samples(`${name}-open`) },
        failures,
      }));
    } finally {
      await guarded.stop();
      await open.stop();
      guard.close();
      sites.https.close();
      sites.http.close();
    }
  },
};
