/** What the platform itself takes, without its browsers: idle, and after sessions that come several at a time. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browserbase } from '@browserbasehq/sdk';
import { startWallcrawler } from '../tests/e2e/support/wallcrawler.ts';
import type { Figure } from './harness/figure.ts';
import { type Bench, type Part, USUAL_WARM } from './harness/part.ts';
import { firstAnswer } from './subjects/first-answer.ts';
import { startPlatform } from './subjects/platform.ts';
import { platformMemory } from './subjects/platform-memory.ts';
import { loadWith, type SessionLoad } from './subjects/session-load.ts';
import { untilSteady } from './subjects/until-steady.ts';

const LOADS: readonly SessionLoad[] = [
  { sessions: 300, atATime: 3 },
  { sessions: 70, atATime: 10 },
];

/** As a client uses one: created, looked at, driven, and left. Resolves when the platform says that it is over. */
async function useSession(client: Browserbase): Promise<void> {
  const { id, connectUrl } = await client.sessions.create();
  const cdp = await firstAnswer(connectUrl);
  await client.sessions.retrieve(id);
  await client.sessions.debug(id);
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  await cdp.closed;
}

/** On a start of its own, which has had no other load; as every start but the first, what is compiled once is kept. */
async function measure(bench: Bench, load: SessionLoad): Promise<readonly Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wallcrawler-bench-'));
  await (await startWallcrawler({ entry: 'scripts/start.mjs', dataDir })).interrupt();
  const platform = await startPlatform({ entry: 'scripts/start.mjs', dataDir, warm: USUAL_WARM });
  try {
    const read = () => platformMemory(platform.wallcrawler);
    await platform.rest();
    const idleMb = await untilSteady(() => read().platformMb);
    const failures = await loadWith(load, () => useSession(platform.client));
    await platform.rest();
    const afterMb = await untilSteady(() => read().platformMb);
    bench.note(
      `platform-memory: DynamoDB's stand-in, apart, has ${read().dynamodbMb.toFixed(0)} MB after that`,
    );
    const baseline = { name: 'idle', samples: [idleMb] };
    const name = `platform-memory.after-${load.sessions}-by-${load.atATime}`;
    return [
      { name: `platform-memory.idle-before-${load.sessions}`, unit: 'MB', samples: [idleMb] },
      { name, unit: 'MB', samples: [afterMb], baseline, failures },
    ];
  } finally {
    await platform.dispose();
  }
}

export const platformMemoryPart: Part = {
  name: 'platform-memory',
  what: 'what the platform takes (PSS) without its browsers: idle, and after 300 sessions 3 at a time or 70 ten at a time',
  isOnRequest: true,
  async run(bench) {
    const figures: Figure[] = [];
    for (const load of LOADS) figures.push(...(await measure(bench, load)));
    return figures;
  },
};
