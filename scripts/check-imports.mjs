/**
 * Fails on an import that points the wrong way, on test code in a bundle and on process.env outside of an entry file.
 * Reads the sources (types count as well) and what esbuild puts into each bundle. Runs in the package's root.
 */
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { bundle } from './bundle.mjs';
import { findEntries } from './entries.mjs';
import { importFault, inputFault, mayReadEnvironment } from './import-rules.mjs';
import { isPageInput } from './pages-plugin.mjs';

const IMPORT_FROM = /^(?:import|export)\s[\w\s{},*$]*\bfrom\s*['"]([^'"]+)['"]/gm;
const BARE_IMPORT = /^import\s*['"]([^'"]+)['"]/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*['"]([^'"]+)['"]/g;
const ENVIRONMENT =
  /\bprocess\??\.env\b|\bprocess\[['"]env['"]\]|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*['"](node:)?process['"]/;
const COMMENTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const IGNORED = new Set(['node_modules', 'dist', '.git', '.wallcrawler', '.terraform']);

const importsOf = (source) =>
  [IMPORT_FROM, BARE_IMPORT, DYNAMIC_IMPORT].flatMap((pattern) =>
    [...source.matchAll(pattern)].map(([, name]) => name),
  );

function sourceFaults(root, path) {
  const source = readFileSync(`${root}/${path}`, 'utf8').replace(COMMENTS, '');
  const faults = importsOf(source).map((name) => {
    const isPackage = !name.startsWith('.');
    const target = isPackage ? name : posix.join(posix.dirname(path), name);
    return importFault(path, target, isPackage);
  });
  if (ENVIRONMENT.test(source) && !mayReadEnvironment(path)) {
    faults.push('process.env is read in index.ts and *.lambda.ts only');
  }
  return [...new Set(faults)].filter(Boolean).map((fault) => `${path}: ${fault}`);
}

async function bundleFaults(root) {
  const entries = findEntries(root);
  const { metafile } = await bundle(root, entries);
  return Object.entries(entries).flatMap(([name, entry]) =>
    Object.keys(metafile.outputs[`dist/${name}/index.js`].inputs)
      .filter(
        (input) => !input.includes('node_modules/') && !input.startsWith('contract:') && !isPageInput(input),
      )
      .map((input) => [input, inputFault(entry, input)])
      .filter(([, fault]) => fault !== undefined)
      .map(([input, fault]) => `${entry}: ${fault} (${input})`),
  );
}

async function check(root) {
  const sources = globSync('**/*.{ts,mjs,js}', { cwd: root, exclude: (name) => IGNORED.has(name) }).sort();
  const faults = sources.flatMap((path) => sourceFaults(root, path));
  // A tree that does not bundle is the build's failure to report; the arrows above were checked all the same.
  if (Object.keys(findEntries(root)).length > 0) faults.push(...(await bundleFaults(root)));
  for (const fault of faults) console.error(fault);
  console.log(`${sources.length} files, ${faults.length} forbidden imports or reads`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

await check(process.cwd());
