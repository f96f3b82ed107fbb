import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../../../dist/lambda-environment/index.js');

function readBundle(): string {
  try {
    return readFileSync(FILE, 'utf8');
  } catch (cause) {
    throw new Error('dist/ lacks lambda-environment: run "npm run build"', { cause });
  }
}

/**
 * The inside of an environment, environment-worker.ts, as the build has bundled it. Plain JavaScript: a thread that has to
 * load Node's type stripper starts 28 ms later.
 */
export const WORKER_SOURCE = readBundle();
