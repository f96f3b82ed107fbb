/** `npm start`: builds what is stale, then is the machine of local/ until Ctrl-C. */
import { join } from 'node:path';
import { requireFreeDataFolder } from '../local/data/data-lock.ts';
import { readMachineConfig } from '../local/start/config.ts';
import { aboutDataFolder, withSentence } from '../local/start/start-faults.ts';
import { ensureBuilt } from './ensure-built.mjs';

const ROOT = join(import.meta.dirname, '..');
// Its own threads and the functions' would each keep what they have freed for themselves.
const MALLOC_ARENAS = '2';
// It mostly passes things on, and 25 MB of what it makes last. With V8's own limits, a nursery of 16 MB and a heap that may grow
// to gigabytes, what has been passed is collected late.
const V8_LIMITS = ['--max-semi-space-size=4', '--max-old-space-size=512'];

/**
 * The machine in place of this process, which keeps its number, its terminal and its signals: of the build nothing stays
 * in memory then, and settings of the C library and of V8 are possible that are read at the start only. Code that was
 * compiled by an earlier start spares the type stripper, 22 MB.
 */
function becomeMachine(dataDir) {
  process.execve(
    process.execPath,
    [process.execPath, ...V8_LIMITS, ...process.execArgv, join(ROOT, 'local/index.ts')],
    {
      MALLOC_ARENA_MAX: MALLOC_ARENAS,
      NODE_COMPILE_CACHE: join(dataDir, 'compile-cache', 'machine'),
      ...process.env,
    },
  );
}

try {
  const { dataDir } = readMachineConfig(process.env);
  // Before the build: a start that is going to be refused must not change the bundles of the one that runs.
  await withSentence(() => requireFreeDataFolder(dataDir), aboutDataFolder(dataDir));
  await ensureBuilt(ROOT);
  becomeMachine(dataDir);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
