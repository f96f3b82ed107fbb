// Medians beside a baseline of the same run. Nothing here passes or fails on a time. `npm run bench -- memory`: that part only.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StartOptions, startWallcrawler, type Wallcrawler } from '../tests/e2e/support/wallcrawler.ts';
import { benchBundles } from './bundles.ts';
import { benchCreate } from './create.ts';
import { benchMemory } from './memory.ts';
import { benchPlatformMemory, LOADS } from './platform-memory.ts';
import { benchRelay } from './relay.ts';

const show = (lines: readonly string[]) => console.log(lines.join('\n'));
const [only] = process.argv.slice(2);
const isWanted = (part: string) => only === undefined || only === part;

async function withWallcrawler(
  use: (wallcrawler: Wallcrawler) => Promise<void>,
  options: StartOptions = {},
): Promise<void> {
  const wallcrawler = await startWallcrawler(options);
  try {
    await use(wallcrawler);
  } finally {
    await wallcrawler.dispose();
  }
}

/** What one installation is enough for. */
async function benchSessions(wallcrawler: Wallcrawler): Promise<void> {
  const chromePath = /^Chrome\s+(\S+)/m.exec(wallcrawler.output())?.[1];
  if (chromePath === undefined) throw new Error('npm start does not say which Chrome it found');
  if (isWanted('create')) show(await benchCreate(wallcrawler, chromePath));
  if (isWanted('relay')) show(await benchRelay(wallcrawler, chromePath));
  if (isWanted('memory')) show(await benchMemory(wallcrawler));
}

if (only === 'profiles') process.exit(void show(await (await import('./profiles.ts')).benchProfiles()));
if (only !== undefined && !['bundles', 'create', 'relay', 'memory'].includes(only)) {
  throw new Error(`There is no bench of ${only}: it is bundles, create, relay or memory`);
}
if (isWanted('bundles')) show(benchBundles());
if (only !== 'bundles') await withWallcrawler(benchSessions);
for (const load of isWanted('memory') ? LOADS : []) {
  // As every start but the first: what is compiled once is kept in the data folder.
  const options = {
    entry: 'scripts/start.mjs',
    dataDir: mkdtempSync(join(tmpdir(), 'wallcrawler-bench-')),
  };
  await (await startWallcrawler(options)).interrupt();
  await withWallcrawler(async (wallcrawler) => show(await benchPlatformMemory(wallcrawler, load)), options);
}
