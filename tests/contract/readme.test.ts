import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeMachine } from '../../local/start/welcome.ts';
import { codeSpans, fencedBlocks, tableRows } from './support/markdown.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const readme = read('README.md');

const IS_FILE = /^[\w./-]+(\/|\.(?:ts|mjs|js|json|tf|md))$/;

/** The rows of the table whose first column is "folder". */
function folderRows(): readonly { readonly folders: readonly string[]; readonly named: readonly string[] }[] {
  const rows = tableRows(readme);
  const start = rows.findIndex(([first]) => first === 'folder');
  return rows.slice(start + 2).map(([folders = '', text = '']) => ({
    folders: codeSpans(folders),
    named: codeSpans(text).filter((span) => IS_FILE.test(span)),
  }));
}

const page = suite('README.md');

page('its example is examples/quickstart.mjs, which the tests run', () => {
  assert.equal(fencedBlocks(readme, 'js'), [read('examples/quickstart.mjs')]);
});

page('its export lines are those that npm start prints', () => {
  const printed = describeMachine({ url: 'http://127.0.0.1:8787', apiKey: 'wc_...' });
  const [lines = ''] = fencedBlocks(readme, 'sh');
  assert.match(lines, /^export BROWSERBASE_BASE_URL=.+\nexport BROWSERBASE_API_KEY=.+\n$/);
  assert.ok(printed.includes(`\n${lines}`), printed);
});

page('every file and folder that its table names is there', () => {
  const rows = folderRows();
  assert.ok(rows.length > 30);
  const missing = rows.flatMap(({ folders, named }) =>
    [...folders, ...named.map((name) => join(folders[0] ?? '', name))].filter(
      (path) => !existsSync(join(ROOT, path)),
    ),
  );
  assert.equal(missing, []);
});

page('its table leaves out no folder with code of those that have several', () => {
  const known = folderRows().flatMap(({ folders, named }) => [
    ...folders,
    ...named.map((name) => join(folders[0] ?? '', name)),
  ]);
  const missing = ['functions', 'controller', 'core', 'local', 'terraform', 'apps'].flatMap((top) =>
    codeFoldersOf(top).filter((folder) => !known.includes(folder)),
  );
  assert.equal(missing, []);
});

const codeFoldersOf = (top: string): readonly string[] =>
  readdirSync(join(ROOT, top), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'testing')
    .map(({ name }) => `${top}/${name}/`)
    .filter((folder) => globSync('**/*.{ts,mjs,js,tf}', { cwd: join(ROOT, folder) }).length > 0);

page.run();
