import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { identityOf } from '../local/processes/process-table.ts';

let root: string;
let dataDir: string;

/** `npm start` of a copy that has neither packages nor anything built. */
function start(env: Readonly<Record<string, string>> = {}) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(root, 'scripts/start.mjs')], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, WALLCRAWLER_DATA_DIR: dataDir, PORT: '0', ...env },
  });
  return { status, stderr, stdout };
}

const t = suite('npm start');
t.before(() => {
  root = mkdtempSync(join(tmpdir(), 'start-'));
  for (const folder of ['scripts', 'core', 'local', 'terraform/reader'])
    cpSync(join(import.meta.dirname, '..', folder), join(root, folder), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
});
t.before.each(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'start-data-'));
});
t.after.each(() => rmSync(dataDir, { recursive: true, force: true }));
t.after(() => rmSync(root, { recursive: true, force: true }));

t('says in one sentence that nothing is built and nothing can be', () => {
  assert.equal(start(), {
    status: 1,
    stdout: '',
    stderr:
      'dist/ must be built (nothing is built), and the tools for it are not installed: run "npm ci && npm run build"\n',
  });
});

t('finds that another one holds the data folder before it would build', () => {
  writeFileSync(join(dataDir, 'owner.json'), JSON.stringify(identityOf(process.pid)));
  assert.equal(start(), {
    status: 1,
    stdout: '',
    stderr: `${dataDir} is in use by process ${process.pid}; stop that one first\n`,
  });
  assert.not(existsSync(join(root, 'dist')));
});

t('names a setting that is wrong before it would build', () => {
  const { status, stderr } = start({ PORT: 'eighty' });
  assert.is(status, 1);
  assert.match(stderr, /^[^\n]*PORT[^\n]*\n$/);
});

t.run();
