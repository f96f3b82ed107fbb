import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { whyStale } from './dist-stamp.mjs';

const SCRIPT = join(import.meta.dirname, 'build.mjs');
const HANDLER = 'functions/things/make-thing.lambda.ts';
const HELPER = 'functions/things/make-thing.ts';
const BUNDLE = 'dist/make-thing/index.js';

let root: string;
const at = (path: string) => join(root, path);
function write(path: string, content: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
}
const build = (...options: string[]) =>
  spawnSync(process.execPath, [SCRIPT, '--quiet', ...options], { cwd: root, encoding: 'utf8' });

const t = suite('a build that is fresh');
t.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'fresh-'));
  write('package.json', '{"type":"module"}');
  write('package-lock.json', '{}');
  write('functions/openapi.json', '{"paths":{}}');
  write(HELPER, 'export const thing = 1;\n');
  write(HANDLER, `import { thing } from './make-thing.ts';\nexport const handler = () => thing;\n`);
  assert.is(build().status, 0);
  assert.is(whyStale(root), undefined);
});
t.after.each(() => rmSync(root, { recursive: true, force: true }));

t('is not built again', () => {
  assert.equal(build('--if-stale').stdout, '');
  assert.match(build().stdout, /^built 1 bundles/, 'unless somebody asks for it');
});

t('is told by content, not by times', () => {
  for (const path of [HELPER, BUNDLE]) utimesSync(at(path), 1, 1);
  assert.is(whyStale(root), undefined);
  const copy = `${root}-copy`;
  try {
    cpSync(root, copy, { recursive: true });
    assert.is(whyStale(copy), undefined);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

const CHANGES: readonly [what: string, change: () => void, why: string][] = [
  ['a source', () => write(HELPER, 'export const thing = 2;\n'), `${HELPER} has changed`],
  ['a source that is gone', () => rmSync(at(HELPER)), `${HELPER} is gone`],
  ['the contract', () => write('functions/openapi.json', '{ }'), 'functions/openapi.json has changed'],
  ['the packages', () => write('package-lock.json', '{ }'), 'package-lock.json has changed'],
  ['one function more', () => write('functions/a/b.lambda.ts', ''), 'functions/a/b.lambda.ts is new'],
  ['a part more', () => write('router/index.ts', ''), 'router/index.ts is new'],
  [
    'one file of Terraform more',
    () => write('terraform/modules/queue/main.tf', ''),
    'terraform/modules/queue/main.tf is new',
  ],
  ['an output that is gone', () => rmSync(at(BUNDLE)), `${BUNDLE} is gone`],
  ['an output that was edited by hand', () => write(BUNDLE, '//'), `${BUNDLE} has changed`],
  ['a stamp that is torn', () => write('dist/stamp.json', '{"inputs":'), 'nothing is built'],
];
for (const [what, change, why] of CHANGES) {
  t(`is none any more after ${what}`, () => {
    change();
    assert.is(whyStale(root), why);
  });
}

t('is made of the build scripts as well', () => {
  const { inputs } = JSON.parse(readFileSync(at('dist/stamp.json'), 'utf8'));
  for (const name of ['build-dist.mjs', 'bundle.mjs', 'contract-plugin.mjs', 'zip.mjs'])
    assert.ok(
      Object.keys(inputs).some((path) => path.endsWith(`/scripts/${name}`)),
      name,
    );
  assert.ok(Object.keys(inputs).some((path) => path.endsWith('terraform/reader/parse.ts')));
});

t('comes out of two builds at once, of which the second finds it made', async () => {
  write(HELPER, 'export const thing = 3;\n');
  const outputs = await Promise.all(
    [1, 2].map(async () => {
      const child = spawn(process.execPath, [SCRIPT, '--quiet', '--if-stale'], { cwd: root });
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
      });
      const [code] = await once(child, 'close');
      assert.is(code, 0);
      return output;
    }),
  );
  assert.is(outputs.filter((output) => output.startsWith('built')).length, 1);
  assert.is(whyStale(root), undefined);
  assert.match(readFileSync(at(BUNDLE), 'utf8'), '3');
});

t('comes out after a build that was killed and left its lock', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  write('dist/build.lock', JSON.stringify({ pid, begun: 'long ago' }));
  rmSync(at('dist/stamp.json'));
  assert.match(build('--if-stale').stdout, /^built/);
  assert.not(existsSync(at('dist/build.lock')));
});

t('is needed where there are no build tools, and one sentence says so', () => {
  const scripts = join(root, 'tools');
  for (const folder of ['scripts', 'local/processes', 'terraform/reader'])
    cpSync(join(import.meta.dirname, '..', folder), join(scripts, folder), { recursive: true });
  const run = () =>
    spawnSync(process.execPath, [join(scripts, 'scripts/build.mjs'), '--if-stale'], {
      cwd: root,
      encoding: 'utf8',
    });
  assert.equal([run().status, run().stderr], [0, '']);
  write(HELPER, 'export const thing = 4;\n');
  const { status, stderr } = run();
  assert.is(status, 1);
  assert.is(
    stderr,
    `dist/ must be built (${HELPER} has changed), and the tools for it are not installed: run "npm ci && npm run build"\n`,
  );
});

t.run();
