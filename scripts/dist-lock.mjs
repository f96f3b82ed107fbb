/** One build at a time: the second waits, and then finds what the first one made. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { awaitExit, identityOf, isRunning } from '../local/processes/process-table.ts';

export const LOCK = 'dist/build.lock';
const ROUND_MS = 100;

function readHolder(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // Between the making of the file and its first byte it is empty.
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function tryToTake(path) {
  try {
    writeFileSync(path, JSON.stringify(identityOf(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Runs `work` while no other build of `root` runs. A lock whose holder has died is taken over. Two that take it over at
 * the same moment both build, which does no harm: files are replaced whole, and a dist/ of two builds fits no stamp.
 */
export async function withBuildLock(root, work) {
  const path = `${root}/${LOCK}`;
  mkdirSync(`${root}/dist`, { recursive: true });
  while (!tryToTake(path)) {
    const holder = readHolder(path);
    if (holder === undefined) await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
    else if (isRunning(holder)) await awaitExit([holder], ROUND_MS);
    else rmSync(path, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
