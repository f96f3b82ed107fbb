/**
 * `import page from '../../dist/pages/live.json'` is a page that we serve: its HTML, its script and its style, of pages/live/.
 * The build writes the same file, so that the import works without a bundle too.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import esbuild from 'esbuild';

const IMPORTED = /(?:^|\/)dist\/pages\/([\w-]+)\.json$/;
const NAMESPACE = 'page';

/** The names of the pages that there are. */
export const findPages = (root) =>
  globSync('pages/*/index.html', { cwd: root })
    .map((path) => path.split('/')[1])
    .sort();

export const pagePath = (name) => `dist/pages/${name}.json`;

/** Whether an input of a bundle is one of these pages. */
export const isPageInput = (input) => input.startsWith(`${NAMESPACE}:`);

/** `{html, script, style}` as JSON, and the paths of what they are made of. */
export async function bundlePage(root, name) {
  const folder = join(root, 'pages', name);
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [join(folder, 'main.ts'), join(folder, 'style.css')],
    outdir: 'out',
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome109', 'firefox115', 'safari16'],
    legalComments: 'inline',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text;
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const json = JSON.stringify({ html, script: textOf('.js'), style: textOf('.css') });
  return { json, inputs: Object.keys(metafile.inputs) };
}

export const pagesPlugin = (root) => ({
  name: 'pages',
  setup(build) {
    build.onResolve({ filter: IMPORTED }, ({ path }) => ({
      path: pagePath(IMPORTED.exec(path)[1]),
      namespace: NAMESPACE,
    }));
    build.onLoad({ filter: IMPORTED, namespace: NAMESPACE }, async ({ path }) => {
      const name = IMPORTED.exec(path)[1];
      const folder = join(root, 'pages', name);
      if (!existsSync(folder)) return { errors: [{ text: `There is no page ${relative(root, folder)}` }] };
      return { contents: (await bundlePage(root, name)).json, loader: 'json' };
    });
  },
});
