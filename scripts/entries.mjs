import { existsSync, globSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * What is deployed: every <name>.lambda.ts under functions/, the controller and the router. Returns source paths by
 * bundle name.
 */
export function findEntries(root) {
  const entries = {};
  for (const path of globSync('functions/**/*.lambda.ts', { cwd: root }).sort()) {
    const name = basename(path, '.lambda.ts');
    if (Object.hasOwn(entries, name)) {
      throw new Error(`Two functions are called ${name}: ${entries[name]} and ${path}`);
    }
    entries[name] = path;
  }
  for (const name of ['controller', 'router']) {
    if (existsSync(`${root}/${name}/index.ts`)) entries[name] = `${name}/index.ts`;
  }
  return entries;
}
