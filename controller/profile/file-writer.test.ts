import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FileWriter } from './file-writer.ts';

const t = suite<{ root: string; files: FileWriter }>('FileWriter');
t.before.each(async (context) => {
  context.root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-writer-'));
  context.files = new FileWriter({ folder: context.root });
});
t.after.each(({ root }) => rm(root, { recursive: true, force: true }));

const write = (files: FileWriter, name: string, content: string) => {
  files.open(name);
  files.write(Buffer.from(content));
  files.close();
};
const codeOf = (work: () => void): string | undefined => {
  try {
    work();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
  return 'done';
};

t('makes the folders above a file, and nobody else may look into them', async ({ root, files }) => {
  write(files, 'Default/Network/Cookies', 'cookies');
  assert.is(await readFile(path.join(root, 'Default/Network/Cookies'), 'utf8'), 'cookies');
  assert.is((await stat(path.join(root, 'Default/Network'))).mode & 0o777, 0o700);
  assert.is((await stat(path.join(root, 'Default/Network/Cookies'))).mode & 0o777, 0o600);
});

t('keeps the last of two files with one name', async ({ root, files }) => {
  write(files, 'Local State', 'the first, and longer');
  write(files, 'Local State', 'the second');
  assert.is(await readFile(path.join(root, 'Local State'), 'utf8'), 'the second');
});

t('takes no file for a folder, and no folder for a file', ({ files }) => {
  write(files, 'a', '');
  files.makeFolder('b');
  assert.is(
    codeOf(() => files.makeFolder('a')),
    'ENOTDIR',
  );
  assert.is(
    codeOf(() => files.open('a/c')),
    'ENOTDIR',
  );
  assert.is(
    codeOf(() => files.open('b')),
    'EISDIR',
  );
});

t('follows no link that is there already', async ({ root, files }) => {
  await writeFile(path.join(root, 'outside'), 'as it was');
  await symlink('outside', path.join(root, 'link'));
  write(files, 'link', 'new');
  assert.is(await readFile(path.join(root, 'outside'), 'utf8'), 'as it was');
  await symlink('.', path.join(root, 'folder'));
  assert.is(
    codeOf(() => files.open('folder/escaped')),
    'ENOTDIR',
  );
  assert.equal((await readdir(root)).sort(), ['folder', 'link', 'outside']);
});

t('closes a file that is half written once, and nothing when none is', async ({ root, files }) => {
  files.open('half');
  files.close();
  files.close();
  assert.is((await stat(path.join(root, 'half'))).size, 0);
});

t.run();
