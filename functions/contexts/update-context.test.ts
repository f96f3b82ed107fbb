import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Context } from '../../core/domain/context.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { updateContext } from './update-context.ts';

const ID = '00000000-0000-4000-8000-00000000000c';
const context: Context = { contextId: ID, projectId: 'p1', status: 'SAVED', createdAt: 't', updatedAt: 't' };

function update(found: Context | undefined) {
  const signed: string[] = [];
  const answer = updateContext({
    getContext: async () => found,
    presignUpload: async (key) => {
      signed.push(key);
      return `https://bucket/${signed.length}`;
    },
  })(newRequest({ pathId: ID }));
  return { answer, signed };
}

const updating = suite('updateContext');

updating('answers a new URL for the archive of this context, in the shape of a create', async () => {
  const { answer, signed } = update(context);
  const { status, body } = await answer;
  assert.is(status, 200);
  assert.equal(body, {
    id: ID,
    uploadUrl: 'https://bucket/1',
    publicKey: '',
    cipherAlgorithm: 'AES-256-CBC',
    initializationVectorSize: 16,
  });
  assert.equal(signed, [`p1/${ID}/profile.tar.gz`]);
});

updating('signs nothing for a context of another project, or for none', async () => {
  for (const found of [{ ...context, projectId: 'p2' }, undefined]) {
    const { answer, signed } = update(found);
    assert.is((await appErrorOf(answer)).code, 'CONTEXT_NOT_FOUND');
    assert.equal(signed, []);
  }
});

updating.run();
