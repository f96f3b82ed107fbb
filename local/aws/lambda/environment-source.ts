import { join } from 'node:path';

/**
 * The inside of an environment, environment-worker.ts, as the build has bundled it. Plain JavaScript: a thread that has to
 * load Node's type stripper starts 28 ms later.
 */
export const WORKER_FILE = join(import.meta.dirname, '../../../dist/lambda-environment/index.js');
