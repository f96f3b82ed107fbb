/** `npm start`: builds what is stale, then is the machine of local/ until Ctrl-C. */
import { join } from 'node:path';
import { requireFreeDataFolder } from '../local/data/data-lock.ts';
import { readMachineConfig } from '../local/start/config.ts';
import { ensureBuilt } from './ensure-built.mjs';

const ROOT = join(import.meta.dirname, '..');
// Its own threads and the functions' would each keep what they have freed for themselves.
const MALLOC_ARENAS = '2';
// The machine mostly passes things on: a larger nursery only delays the collection of what it has passed.
const NURSERY_MEGABYTES = 4;

/**
 * The machine in place of this process, which keeps its number, its terminal and its signals: of the build nothing stays
 * in memory then, and settings of the C library and of V8 are possible that are read at the start only. Code that was
 * compiled by an earlier start spares the type stripper, 22 MB.
 */
function becomeMachine(dataDir) {
  const nursery = `--max-semi-space-size=${NURSERY_MEGABYTES}`;
  process.execve(
    process.execPath,
    [process.execPath, nursery, ...process.execArgv, join(ROOT, 'local/index.ts')],
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
  requireFreeDataFolder(dataDir);
  await ensureBuilt(ROOT);
  becomeMachine(dataDir);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
