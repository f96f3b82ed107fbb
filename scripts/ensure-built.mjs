/** Builds dist/ when it is not what the sources make. Build tools are loaded only then. */
import { withBuildLock } from './dist-lock.mjs';
import { whyStale } from './dist-stamp.mjs';

export class NoBuildTools extends Error {
  name = 'NoBuildTools';
}

async function loadBuilder(why) {
  try {
    return await import('./build-dist.mjs');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new NoBuildTools(
      `dist/ must be built (${why}), and the tools for it are not installed: run "npm ci && npm run build"`,
      { cause: error },
    );
  }
}

const kilobytes = (bytes) => (bytes / 1000).toFixed(1).padStart(10);

function printTable({ entries, outputs }) {
  const sizeOf = (path) => outputs.get(path)?.length ?? 0;
  const rows = Object.keys(entries).map((name) => [
    name,
    sizeOf(`dist/${name}/index.js`),
    sizeOf(`dist/${name}.zip`),
  ]);
  const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
  console.log(`${''.padEnd(26)} bundle kB    zip kB`);
  for (const [name, bundleBytes, zipBytes] of [...rows, ['total', sum(1), sum(2)]]) {
    console.log(
      `${name.padEnd(26)}${kilobytes(bundleBytes)}${zipBytes ? kilobytes(zipBytes) : '         -'}`,
    );
  }
}

/** Builds whatever is there. Faults are told in one text. */
async function build(root, { buildDist, describeFault }, isQuiet) {
  const startedAt = performance.now();
  try {
    const built = await buildDist(root);
    if (!isQuiet) printTable(built);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`built ${Object.keys(built.entries).length} bundles in ${seconds} s`);
  } catch (error) {
    throw new Error(await describeFault(error), { cause: error });
  }
}

/** Builds dist/, if it is stale or `isForced`. Rejects with a message that is fit for people. */
export async function ensureBuilt(root, { isQuiet = true, isForced = false } = {}) {
  const why = whyStale(root);
  if (why === undefined && !isForced) return;
  const builder = await loadBuilder(why ?? 'as asked');
  await withBuildLock(root, async () => {
    // Whoever held the lock may have built the same.
    if (isForced || whyStale(root) !== undefined) await build(root, builder, isQuiet);
  });
}
