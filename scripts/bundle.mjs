import esbuild from 'esbuild';
import { contractPlugin } from './contract-plugin.mjs';
import { leanPackagesPlugin } from './lean-packages-plugin.mjs';
import { otlpTracesPlugin } from './otlp-traces-plugin.mjs';
import { pagesPlugin } from './pages-plugin.mjs';
import { sdkSchemasPlugin } from './sdk-schemas-plugin.mjs';

const OPTIONS = Object.freeze({
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  // CommonJS, because jsonwebtoken's dependencies call require() of built-ins, which an ES module bundle cannot.
  format: 'cjs',
  // The ES module build of a package first: only that one can be tree-shaken.
  mainFields: ['module', 'main'],
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  metafile: true,
  write: false,
  // By require(): what is loaded later is a file beside the bundle, and that one is CommonJS as well.
  supported: { 'dynamic-import': false },
  logLevel: 'silent',
});

/**
 * Bundles `entries` ({name: source path}) of `root` in one go, in memory.
 * Returns esbuild's outputFiles and metafile; paths are dist/<name>/index.js and its neighbours.
 */
export function bundle(root, entries) {
  return esbuild.build({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([name, path]) => ({ in: path, out: `${name}/index` })),
    outdir: 'dist',
    plugins: [
      pagesPlugin(root),
      contractPlugin(root),
      sdkSchemasPlugin,
      leanPackagesPlugin(root),
      otlpTracesPlugin(root),
    ],
  });
}

/** The part of a metafile that belongs to the bundle `name`. */
export function metafileOf(metafile, name) {
  const path = `dist/${name}/index.js`;
  const output = metafile.outputs[path];
  const inputs = Object.keys(output.inputs).sort();
  return {
    inputs: Object.fromEntries(inputs.map((input) => [input, metafile.inputs[input]])),
    outputs: { [path]: output },
  };
}
