// Medians beside a baseline of the same run. Nothing here passes or fails on a time. `npm run bench -- memory`: that part only.
import { startWallcrawler } from '../tests/e2e/support/wallcrawler.ts';
import { benchBundles } from './bundles.ts';
import { benchCreate } from './create.ts';
import { benchMemory } from './memory.ts';
import { benchPlatformMemory } from './platform-memory.ts';
import { benchRelay } from './relay.ts';

const show = (lines: readonly string[]) => console.log(lines.join('\n'));
const [only] = process.argv.slice(2);
const isWanted = (part: string) => only === undefined || only === part;

/** What one installation is enough for. */
async function benchSessions(): Promise<void> {
  const wallcrawler = await startWallcrawler();
  try {
    const chromePath = /^Chrome\s+(\S+)/m.exec(wallcrawler.output())?.[1];
    if (chromePath === undefined) throw new Error('npm start does not say which Chrome it found');
    if (isWanted('create')) show(await benchCreate(wallcrawler, chromePath));
    if (isWanted('relay')) show(await benchRelay(wallcrawler, chromePath));
    if (isWanted('memory')) show(await benchMemory(wallcrawler));
  } finally {
    await wallcrawler.dispose();
  }
}

if (only !== undefined && !['bundles', 'create', 'relay', 'memory'].includes(only)) {
  throw new Error(`There is no bench of ${only}: it is bundles, create, relay or memory`);
}
if (isWanted('bundles')) show(benchBundles());
if (only !== 'bundles') await benchSessions();
if (isWanted('memory'))
  show(await benchPlatformMemory(() => startWallcrawler({ entry: 'scripts/start.mjs' })));
