import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';
import type { Wallcrawler } from './wallcrawler.ts';

const FILL_LIMIT_MS = 60_000;

export async function availableIn({ url }: Pick<Wallcrawler, 'url'>): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^wallcrawler_warm_available (\d+)$/m.exec(metrics)?.[1]);
}

export const filled = (wallcrawler: Pick<Wallcrawler, 'url'>) =>
  until('a browser waits', async () => (await availableIn(wallcrawler)) === 1, FILL_LIMIT_MS);

/** How the create of a session started it. */
export const startOf = ({ dataDir }: Pick<Wallcrawler, 'dataDir'>, sessionId: string): unknown =>
  readFileSync(join(dataDir, 'logs/create-session.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('session starts') && line.includes(sessionId))
    .map((line) => JSON.parse(line).outcome)[0];
