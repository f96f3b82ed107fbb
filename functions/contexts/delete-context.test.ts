import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Context } from '../../core/domain/context.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { deleteContext } from './delete-context.ts';

const ID = '00000000-0000-4000-8000-00000000000c';
const context: Context = { contextId: ID, projectId: 'p1', status: 'SAVED', createdAt: 't', updatedAt: 't' };

/** One context, of which the steps named in `fails` cannot be taken; the same one in every call. */
function platform(fails: Set<string> = new Set()) {
  const calls: string[] = [];
  let found: Context | undefined = context;
  const step = async (name: string) => {
    calls.push(name);
    if (fails.has(name)) throw new Error(`${name} failed`);
  };
  const use = deleteContext({
    getContext: async () => found,
    deleteProfile: (key) => step(`delete ${key}`),
    deleteContext: async ({ contextId }) => {
      await step(`forget ${contextId}`);
      found = undefined;
    },
  });
  const remove = (projectId = 'p1') =>
    use(newRequest({ pathId: ID, access: { projectId, projectIds: ['p1', 'p2'] } }));
  return { remove, calls };
}

const PROFILE = `delete p1/${ID}/profile.tar.gz`;
const ITEM = `forget ${ID}`;

const deleting = suite('deleteContext');

deleting('deletes the profile and then the context, and answers 204 without a body', async () => {
  const { remove, calls } = platform();
  assert.equal(await remove(), { status: 204 });
  assert.equal(calls, [PROFILE, ITEM]);
});

deleting('of one that is deleted already is 404', async () => {
  const { remove, calls } = platform();
  await remove();
  assert.is((await appErrorOf(remove())).code, 'CONTEXT_NOT_FOUND');
  assert.is(calls.length, 2);
});

deleting('keeps the context when its profile stays, so that it can be deleted again', async () => {
  const fails = new Set([PROFILE]);
  const { remove, calls } = platform(fails);
  assert.is((await remove().catch((error) => error)).message, `${PROFILE} failed`);
  assert.equal(calls, [PROFILE]);
  fails.clear();
  assert.is((await remove()).status, 204);
});

deleting('can be repeated when only the second step failed', async () => {
  const fails = new Set([ITEM]);
  const { remove, calls } = platform(fails);
  await remove().catch((error) => error);
  fails.clear();
  assert.is((await remove()).status, 204);
  assert.equal(calls, [PROFILE, ITEM, PROFILE, ITEM]);
});

deleting('touches nothing of another project, also of one that the key opens', async () => {
  const { remove, calls } = platform();
  assert.is((await appErrorOf(remove('p2'))).code, 'CONTEXT_NOT_FOUND');
  assert.equal(calls, []);
});

deleting.run();
