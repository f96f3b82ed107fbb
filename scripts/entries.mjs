import { existsSync, globSync } from 'node:fs';
import { basename } from 'node:path';
import { OTLP_TRACES, OTLP_TRACES_SOURCE } from './otlp-traces-plugin.mjs';

const LAMBDA = '.lambda.ts';
// Of what is no function: three go into container images, one is the inside of a function's environment on one machine, and
// one is what others load where there are traces.
const OTHERS = {
  controller: 'controller/index.ts',
  router: 'router/index.ts',
  'function-runtime': 'functions/recordings/image/index.ts',
  'lambda-environment': 'local/aws/lambda/environment-worker.ts',
  [OTLP_TRACES]: OTLP_TRACES_SOURCE,
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
