/**
 * Builds dist/: a bundle and a reproducible zip for every function, a bundle for the controller and the router, esbuild's
 * metafiles in dist/meta, and in infrastructure.json what one machine reads from terraform/. Runs in the package's root.
 *
 *   node scripts/build.mjs [--quiet]
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import esbuild from 'esbuild';
import { describePlatform } from '../terraform/reader/describe-platform.ts';
import { bundle, metafileOf } from './bundle.mjs';
import { findEntries } from './entries.mjs';
import { zipFiles } from './zip.mjs';

// dist/ holds CommonJS under a package that is ESM.
const PACKAGE_JSON = Buffer.from('{"type":"commonjs"}\n');
// Source maps stay in dist/: in a zip they would be most of its size.
const isDeployed = (path) => !path.endsWith('.map');
// Each of them goes into a container image, not into a zip.
const isZipped = (name) => name !== 'controller' && name !== 'router';

/** All files of dist/ by path, relative to the root. */
function outputsOf(root, entries, { outputFiles, metafile }) {
  const outputs = new Map(outputFiles.map(({ path, contents }) => [relative(root, path), contents]));
  for (const name of Object.keys(entries)) {
    outputs.set(`dist/${name}/package.json`, PACKAGE_JSON);
    outputs.set(`dist/meta/${name}.json`, Buffer.from(JSON.stringify(metafileOf(metafile, name))));
    if (isZipped(name)) outputs.set(`dist/${name}.zip`, zipFolder(outputs, `dist/${name}/`));
  }
  return outputs;
}

function zipFolder(outputs, folder) {
  const own = [...outputs].filter(([path]) => path.startsWith(folder) && isDeployed(path));
  return zipFiles(Object.fromEntries(own.map(([path, bytes]) => [path.slice(folder.length), bytes])));
}

/** Writes over what is there and then removes what no longer belongs, so that dist/ is never empty meanwhile. */
async function writeOutputs(root, outputs) {
  for (const folder of new Set([...outputs.keys()].map(dirname))) {
    await mkdir(`${root}/${folder}`, { recursive: true });
  }
  await Promise.all([...outputs].map(([path, bytes]) => writeFile(`${root}/${path}`, bytes)));
  for (const entry of await readdir(`${root}/dist`, { recursive: true, withFileTypes: true })) {
    const path = relative(root, `${entry.parentPath}/${entry.name}`);
    const isKept = entry.isDirectory()
      ? [...outputs.keys()].some((kept) => kept.startsWith(`${path}/`))
      : outputs.has(path);
    if (!isKept) await rm(`${root}/${path}`, { recursive: true, force: true });
  }
}

const kilobytes = (bytes) => (bytes / 1000).toFixed(1).padStart(10);

function printTable(entries, outputs) {
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

async function readTerraform(root) {
  if (!existsSync(`${root}/terraform`)) return undefined;
  return Buffer.from(`${JSON.stringify(await describePlatform(root), null, 2)}\n`);
}

async function build(root, { quiet }) {
  const startedAt = performance.now();
  const entries = findEntries(root);
  if (Object.keys(entries).length === 0) throw new Error(`Nothing to build in ${root}`);
  // esbuild is a process of its own: meanwhile there is time for the Terraform.
  const [result, infrastructure] = await Promise.all([bundle(root, entries), readTerraform(root)]);
  for (const line of await esbuild.formatMessages(result.warnings, { kind: 'warning' })) console.error(line);
  const outputs = outputsOf(root, entries, result);
  if (infrastructure !== undefined) outputs.set('dist/infrastructure.json', infrastructure);
  await writeOutputs(root, outputs);
  if (!quiet) printTable(entries, outputs);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`built ${Object.keys(entries).length} bundles in ${seconds} s`);
}

async function describe(error) {
  if (error.errors === undefined) return error.message;
  return (await esbuild.formatMessages(error.errors, { kind: 'error' })).join('');
}

try {
  await build(process.cwd(), { quiet: process.argv.includes('--quiet') });
} catch (error) {
  console.error(await describe(error));
  process.exitCode = 1;
}
