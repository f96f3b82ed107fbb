// Medians beside a baseline of the same run. Nothing here passes or fails on a time.
import { startWallcrawler } from '../tests/e2e/support/wallcrawler.ts';
import { benchBundles } from './bundles.ts';
import { benchCreate } from './create.ts';
import { benchMemory } from './memory.ts';
import { benchRelay } from './relay.ts';

const show = (lines: readonly string[]) => console.log(lines.join('\n'));

show(benchBundles());
const wallcrawler = await startWallcrawler();
try {
  const chromePath = /^Chrome\s+(\S+)/m.exec(wallcrawler.output())?.[1];
  if (chromePath === undefined) throw new Error('npm start does not say which Chrome it found');
  show(await benchCreate(wallcrawler, chromePath));
  show(await benchRelay(wallcrawler, chromePath));
  show(await benchMemory(wallcrawler));
} finally {
  await wallcrawler.dispose();
}
