import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyFolder } from './empty-folder.ts';

const emptied = suite<{ root: string; folder: string }>('emptyFolder');
emptied.before.each(async (context) => {
  context.root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-empty-'));
  context.folder = path.join(context.root, 'profile');
  await mkdir(path.join(context.folder, 'Default/Local Storage'), { recursive: true });
  await writeFile(path.join(context.folder, 'Default/Local Storage/x'), 'x');
  await writeFile(path.join(context.folder, '.hidden'), 'x');
});
emptied.after.each(({ root }) => rm(root, { recursive: true, force: true }));

emptied('takes everything out, and leaves the folder that it was', async ({ folder }) => {
  await chmod(folder, 0o711);
  const before = await stat(folder);
  await emptyFolder(folder);
  assert.equal(await readdir(folder), []);
  const after = await stat(folder);
  assert.equal([after.ino, after.mode, after.uid], [before.ino, before.mode, before.uid]);
});

emptied('removes links, and not what they lead to', async ({ root, folder }) => {
  const outside = path.join(root, 'outside');
  await mkdir(outside);
  await writeFile(path.join(outside, 'kept'), 'x');
  await symlink(outside, path.join(folder, 'link'));
  await emptyFolder(folder);
  assert.equal([await readdir(folder), await readdir(outside)], [[], ['kept']]);
});

emptied(
  'has nothing to do in an empty folder, and fails for one that is not there',
  async ({ root, folder }) => {
    for (const _ of [1, 2]) await emptyFolder(folder);
    const error = await emptyFolder(path.join(root, 'none')).catch(
      (thrown: NodeJS.ErrnoException) => thrown.code,
    );
    assert.is(error, 'ENOENT');
  },
);

emptied.run();
