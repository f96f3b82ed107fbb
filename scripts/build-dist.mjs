/** Makes everything in dist/ and writes it. This and what it imports are an input of every build. */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { describePlatform } from '../terraform/reader/describe-platform.ts';
import { bundle, metafileOf } from './bundle.mjs';
import { makeStamp } from './dist-stamp.mjs';
import { findEntries, isZipped } from './entries.mjs';
import { OTLP_TRACES, OTLP_TRACES_FILE } from './otlp-traces-plugin.mjs';
import { bundlePage, findPages, isPageInput, pagePath } from './pages-plugin.mjs';
import { makeSbom, SBOM } from './sbom.mjs';
import { writeDist } from './write-dist.mjs';
import { zipFiles } from './zip.mjs';

// dist/ holds CommonJS under a package that is ESM.
const PACKAGE_JSON = Buffer.from('{"type":"commonjs"}\n');
// Source maps stay in dist/: in a zip they would be most of its size.
const isDeployed = (path) => !path.endsWith('.map');

/** All files of dist/ by path, relative to the root. */
function outputsOf(root, entries, { outputFiles, metafile }) {
  const outputs = new Map(outputFiles.map(({ path, contents }) => [relative(root, path), contents]));
  for (const name of Object.keys(entries)) {
    outputs.set(`dist/${name}/package.json`, PACKAGE_JSON);
    if (asksForTraces(metafile, name))
      outputs.set(`dist/${name}/${OTLP_TRACES_FILE}`, outputs.get(`dist/${OTLP_TRACES}/index.js`));
    outputs.set(`dist/meta/${name}.json`, Buffer.from(JSON.stringify(metafileOf(metafile, name))));
    if (isZipped(entries[name])) outputs.set(`dist/${name}.zip`, zipFolder(outputs, `dist/${name}/`));
  }
  return outputs;
}

const asksForTraces = (metafile, name) =>
  metafile.outputs[`dist/${name}/index.js`].imports.some(({ path }) => path === `./${OTLP_TRACES_FILE}`);

function zipFolder(outputs, folder) {
  const own = [...outputs].filter(([path]) => path.startsWith(folder) && isDeployed(path));
  return zipFiles(Object.fromEntries(own.map(([path, bytes]) => [path.slice(folder.length), bytes])));
}

async function readTerraform(root) {
  if (!existsSync(`${root}/terraform`)) return undefined;
  return Buffer.from(`${JSON.stringify(await describePlatform(root), null, 2)}\n`);
}

/** The files of this project that make the build what it is. Packages are told by the lockfile. */
async function findBuildSources(root) {
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [fileURLToPath(import.meta.url)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

const bundledInto = (metafile, name) => Object.keys(metafile.outputs[`dist/${name}/index.js`].inputs);

/** Answers pairs of a page's name and its sources. */
async function addPages(root, outputs) {
  const pages = [];
  for (const name of findPages(root)) {
    const { json, inputs } = await bundlePage(root, name);
    outputs.set(pagePath(name), Buffer.from(json));
    pages.push([`page ${name}`, inputs]);
  }
  return pages;
}

const isFile = (input) => !input.startsWith('contract:') && !isPageInput(input);

/** Builds dist/ of `root`. Returns the entries, and the outputs by path. */
export async function buildDist(root) {
  const entries = findEntries(root);
  if (Object.keys(entries).length === 0) throw new Error(`Nothing to build in ${root}`);
  // esbuild is a process of its own: meanwhile there is time for the Terraform.
  const [result, buildSources, infrastructure] = await Promise.all([
    bundle(root, entries),
    findBuildSources(root),
    readTerraform(root),
  ]);
  for (const line of await esbuild.formatMessages(result.warnings, { kind: 'warning' })) console.error(line);
  const outputs = outputsOf(root, entries, result);
  const pages = await addPages(root, outputs);
  const bundles = Object.keys(entries).map((name) => [name, bundledInto(result.metafile, name)]);
  if (existsSync(`${root}/package-lock.json`))
    outputs.set(SBOM, Buffer.from(`${JSON.stringify(makeSbom(root, [...bundles, ...pages]), null, 2)}\n`));
  if (infrastructure !== undefined) outputs.set('dist/infrastructure.json', infrastructure);
  const sources = [...buildSources, ...Object.keys(result.metafile.inputs).filter(isFile)];
  await writeDist(root, outputs, () => makeStamp(root, { sources, outputs }));
  return { entries, outputs };
}

/** One text about what went wrong: esbuild has more than a message. */
export async function describeFault(error) {
  if (error.errors === undefined) return error.message;
  return (await esbuild.formatMessages(error.errors, { kind: 'error' })).join('');
}
