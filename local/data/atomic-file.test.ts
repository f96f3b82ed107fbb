import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../aws/testing/serve-services.ts';
import { readJsonFile, writeFileAtomic } from './atomic-file.ts';

const t = suite('files that are replaced in one step');

t('have the new content, for their owner only, and leave nothing beside them', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'file');
    writeFileSync(path, 'old', { mode: 0o644 });
    writeFileAtomic(path, 'new');
    assert.is(readFileSync(path, 'utf8'), 'new');
    assert.is(statSync(path).mode & 0o777, 0o600);
    assert.equal(readdirSync(folder), ['file']);
  }),
);

t('keep the old content when the new cannot be put there', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'file');
    mkdirSync(join(path, 'in the way'), { recursive: true });
    assert.throws(() => writeFileAtomic(path, 'new'));
    assert.equal(readdirSync(folder), ['file'], 'no temporary file is left');
    assert.equal(readdirSync(path), ['in the way']);
  }),
);

t('are read as JSON, or are not there', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'file');
    assert.is(readJsonFile(path), undefined);
    writeFileAtomic(path, '{"a":[1]}');
    assert.equal(readJsonFile(path), { a: [1] });
  }),
);

t('are named when they hold something else', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'file');
    writeFileAtomic(path, '{"a":');
    assert.throws(() => readJsonFile(path), `${path} is not JSON; remove it to start without it`);
    for (const content of ['null', '3', '"text"']) {
      writeFileAtomic(path, content);
      assert.throws(() => readJsonFile(path), `${path} does not hold what it should`);
    }
  }),
);

t('fail for another reason than being absent', () =>
  withFolder(async (folder) => assert.throws(() => readJsonFile(folder), /EISDIR/)),
);

t.run();
