import { existsSync, globSync } from 'node:fs';
import { basename } from 'node:path';

const LAMBDA = '.lambda.ts';
// Of what is no function: two go into container images, and one is the inside of a function's environment on one machine.
const OTHERS = {
  controller: 'controller/index.ts',
  router: 'router/index.ts',
  'lambda-environment': 'local/aws/lambda/environment-worker.ts',
};

/** What is bundled: every <name>.lambda.ts under functions/, and the others. Returns source paths by bundle name. */
export function findEntries(root) {
  const entries = {};
  for (const path of globSync(`functions/**/*${LAMBDA}`, { cwd: root }).sort()) {
    const name = basename(path, LAMBDA);
    if (Object.hasOwn(entries, name)) {
      throw new Error(`Two functions are called ${name}: ${entries[name]} and ${path}`);
    }
    entries[name] = path;
  }
  for (const [name, path] of Object.entries(OTHERS)) {
    if (existsSync(`${root}/${path}`)) entries[name] = path;
  }
  return entries;
}

/** Whether the bundle of this source is uploaded as a function. */
export const isZipped = (source) => source.endsWith(LAMBDA);
