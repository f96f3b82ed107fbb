import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = join(import.meta.dirname, '..');
const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
// Loaded only to build, behind a sentence about what is missing.
const BUILDER = './build-dist.mjs';

/** Packages that are loaded with these entries, or may be later; an import of types only loads nothing. */
async function packagesOf(entryPoints: string[]): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: '.',
    bundle: true,
    packages: 'external',
    external: [BUILDER],
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const packages = imports
    .filter(({ external, path }) => external && path !== BUILDER && !isBuiltin(path))
    .map(({ path }) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(packages)].sort();
}

const t = suite('packages at run time');

for (const [what, entries] of [
  // The first becomes the second.
  ['start', ['scripts/start.mjs', 'local/index.ts']],
  ['administer', ['apps/admin/index.ts']],
] as const) {
  t(`are dependencies, so that "npm ci --omit=dev" is enough to ${what}`, async () => {
    const packages = await packagesOf([...entries]);
    assert.ok(packages.includes('@aws-sdk/client-secrets-manager'), 'the measure sees imports');
    assert.equal(
      packages.filter((name) => !Object.hasOwn(dependencies, name)),
      [],
    );
  });
}

t.run();
