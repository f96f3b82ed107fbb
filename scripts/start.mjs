/** `npm start`: builds what is stale, then is the machine of local/ until Ctrl-C. */
import { join } from 'node:path';
import { requireFreeDataFolder } from '../local/data/data-lock.ts';
import { readMachineConfig } from '../local/start/config.ts';
import { aboutDataFolder, withSentence } from '../local/start/start-faults.ts';
import { ensureBuilt } from './ensure-built.mjs';

const ROOT = join(import.meta.dirname, '..');

try {
  // Before the build: a start that is going to be refused must not change the bundles of the one that runs.
  const { dataDir } = readMachineConfig(process.env);
  await withSentence(() => requireFreeDataFolder(dataDir), aboutDataFolder(dataDir));
  await ensureBuilt(ROOT);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await import('../local/index.ts');
