import { connectCdp } from '../tests/e2e/support/cdp.ts';
import type { Wallcrawler } from '../tests/e2e/support/wallcrawler.ts';
import { startDirectChrome } from './direct-chrome.ts';
import { compareLine, spreadLine } from './lines.ts';
import { timeMs } from './median.ts';

const ROUNDS = 15;

const firstAnswer = async (url: string) => {
  const cdp = await connectCdp(url);
  await cdp.send('Browser.getVersion');
  return cdp;
};

/** From nothing to the first CDP answer: a session, and a bare launch, in turns. */
export async function benchCreate(wallcrawler: Wallcrawler, chromePath: string): Promise<readonly string[]> {
  const client = wallcrawler.client();
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(
      await timeMs(async () => {
        const session = await client.sessions.create();
        const cdp = await firstAnswer(session.connectUrl);
        setImmediate(() => void cdp.close());
      }),
    );
    await settle(client);
    const chrome: Awaited<ReturnType<typeof startDirectChrome>>[] = [];
    bare.push(
      await timeMs(async () => {
        const started = await startDirectChrome(chromePath);
        chrome.push(started);
        const cdp = await firstAnswer(started.url);
        setImmediate(() => void cdp.close());
      }),
    );
    await Promise.all(chrome.map(({ stop }) => stop()));
  }
  return [
    spreadLine('create -> first CDP answer', ours),
    spreadLine('the same Chrome, bare', bare),
    compareLine('ratio of the medians', ours, bare),
  ];
}

/** No session of the round before may take CPU from the next one. */
async function settle(client: ReturnType<Wallcrawler['client']>): Promise<void> {
  while ((await client.sessions.list({ status: 'RUNNING' })).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
