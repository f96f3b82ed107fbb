import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { profileSizeOf } from '../../core/aws/contexts/profile-size.ts';
import { type Context, profileKeyOf } from '../../core/domain/context.ts';
import { openTestInstallation, rowsOf, type TestInstallation } from './testing/local-installation.ts';
import { seedingOf } from './testing/seeding.ts';

let admin: TestInstallation;
let large: Context;
let small: Context;
let empty: Context;

const t = suite('admin contexts');
t.before(async () => {
  admin = await openTestInstallation();
  for (const id of ['a', 'b']) await admin.run('projects', 'create', '--id', id, '--name', id);
  const seeding = seedingOf(admin.installation);
  large = await seeding.context('a', 5_000, 'evil\u001b[2Jname');
  small = await seeding.context('a', 300);
  empty = await seeding.context('b');
});
t.after(() => admin.close());

t(
  'are listed newest first, in a terminal without what would act on it, and in JSON as they are',
  async () => {
    const output = await admin.run('contexts', 'list');
    assert.equal(
      rowsOf(output).map(({ ID, PROJECT }) => [ID, PROJECT]),
      [empty, small, large].map(({ contextId, projectId }) => [contextId, projectId]),
    );
    assert.match(output, 'evil\ufffd[2Jname');
    assert.equal(await admin.json('contexts', 'list'), [empty, small, large]);
    assert.equal(await admin.json('contexts', 'list', '--project', 'b'), [empty]);
  },
);

t('are listed as many as were asked for, and it is said that there are more', async () => {
  assert.equal(await admin.json('contexts', 'list', '--limit', '2'), [empty, small]);
  assert.match(
    await admin.run('contexts', 'list', '--limit', '2'),
    /\nThere are more than these 2: see --limit$/,
  );
  assert.not.match(await admin.run('contexts', 'list', '--limit', '3'), /There are more/);
});

t('have the sizes that the bucket knows, by project', async () => {
  assert.equal(await admin.json('contexts', 'size'), [
    { projectId: 'a', contexts: 2, archives: 2, bytes: 5_300, largestBytes: 5_000 },
    { projectId: 'b', contexts: 1, archives: 0, bytes: 0, largestBytes: 0 },
  ]);
  assert.equal(rowsOf(await admin.run('contexts', 'size', '--project', 'a'))[0]?.BYTES, '5300');
});

t('are deleted with their archive, and are then none', async () => {
  assert.is(
    await admin.run('contexts', 'delete', large.contextId),
    `Context ${large.contextId} of a is deleted`,
  );
  assert.is(await profileSizeOf(await admin.installation.bucket(), profileKeyOf(large)), undefined);
  assert.is(await profileSizeOf(await admin.installation.bucket(), profileKeyOf(small)), 300, 'no other one');
  assert.equal(await admin.json('contexts', 'list'), [empty, small]);
  assert.is(
    await admin.obstacle('contexts', 'delete', large.contextId),
    `There is no context ${large.contextId}, or none any more`,
  );
});

t('are not deleted by what can be no id', async () => {
  for (const id of ['', 'x', '../a'])
    assert.is(await admin.refusal('contexts', 'delete', id), 'CONTEXT-ID is the id in "contexts list"');
});

t.run();
