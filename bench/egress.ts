import { type Browser, chromium, type Page } from 'playwright-core';
import type { ProxyAddress } from '../controller/chrome/flags.ts';
import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { type BusyPage, SCRIPTS, serveBusyPage } from './subjects/busy-page.ts';
import { type DirectChrome, startDirectChrome } from './subjects/direct-chrome.ts';
import { startHelper } from './subjects/helper-process.ts';

const ROUNDS = 30;
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
    const ignoreCertificateErrors = true;
    const open = await drive(await startDirectChrome(chromePath, { ignoreCertificateErrors }));
    const stops = [open.stop];
    const by = async (file: string): Promise<Driven> => {
      const proxy = await startHelper<ProxyAddress>(new URL(file, import.meta.url));
      stops.push(proxy.end);
      const egress = proxy.said;
      const driven = await drive(await startDirectChrome(chromePath, { egress, ignoreCertificateErrors }));
      stops.push(driven.stop);
      return driven;
    };
    try {
      const sides = [
        side('guarded', await by('subjects/guard-process.ts'), sites),
        side('open', open, sites),
        side('floor', await by('floor/proxy.ts'), sites),
      ];
      // Connections and caches of all.
      await inTurns({ ...bench.turns(ROUNDS), rounds: 2 }, sides);
      const { samples, failures } = await inTurns(bench.turns(ROUNDS), sides);
      return (['https', 'http', 'http-request'] as const).map((name) => ({
        name: `egress.${name}`,
        unit: 'ms',
        samples: samples(`${name}-guarded`),
        baseline: { name: 'no guard', samples: samples(`${name}-open`) },
        floor: { name: 'a bare proxy', samples: samples(`${name}-floor`) },
        failures,
      }));
    } finally {
      for (const stop of stops.toReversed()) await stop();
      sites.https.close();
      sites.http.close();
    }
  },
};
