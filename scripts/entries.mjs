import { existsSync, globSync } from 'node:fs';
import { basename } from 'node:path';

/** What is deployed: every <name>.lambda.ts under functions/, and the controller. Returns source paths by bundle name. */
export function findEntries(root) {
  const entries = {};
  for (const path of globSync('functions/**/*.lambda.ts', { cwd: root }).sort()) {
    const name = basename(path, '.lambda.ts');
    if (Object.hasOwn(entries, name)) {
      throw new Error(`Two functions are called ${name}: ${entries[name]} and ${path}`);
    }
    entries[name] = path;
  }
  if (existsSync(`${root}/controller/index.ts`)) entries.controller = 'controller/index.ts';
  return entries;
}
