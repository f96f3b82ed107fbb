import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Extension } from '../../core/domain/extension.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { deleteExtension } from './delete-extension.ts';
import { retrieveExtension } from './retrieve-extension.ts';

const ID = '00000000-0000-4000-8000-00000000000e';
const EXTENSION: Extension = {
  extensionId: ID,
  projectId: 'p1',
  fileName: 'e.zip',
  sizeBytes: 1,
  createdAt: 't',
  updatedAt: 't',
};

const deleting = suite('deleteExtension');

deleting('takes the zip first, so that what fails half-way can be done again', async () => {
  const calls: string[] = [];
  let isBroken = true;
  const remove = deleteExtension({
    getExtension: async () => EXTENSION,
    deleteZip: async () => void calls.push('zip'),
    deleteExtension: async (id) => {
      if (isBroken) throw new Error('DynamoDB is away');
      calls.push(id);
    },
  });
  assert.is((await remove(newRequest({ pathId: ID })).catch((error) => error)).message, 'DynamoDB is away');
  isBroken = false;
  assert.equal(await remove(newRequest({ pathId: ID })), { status: 204 });
  assert.equal(calls, ['zip', 'zip', ID]);
});

deleting('of what is another project’s, or never was, is the same 404', async () => {
  const messages: string[] = [];
  for (const [getExtension, pathId] of [
    [async () => ({ ...EXTENSION, projectId: 'p3' }), ID],
    [async () => undefined, ID],
    [async () => assert.unreachable() as never, 'none'],
  ] as const) {
    const error = await appErrorOf(retrieveExtension({ getExtension })(newRequest({ pathId })));
    assert.is(error.code, 'EXTENSION_NOT_FOUND');
    messages.push(error.message.replace(pathId, ''));
  }
  assert.is(new Set(messages).size, 1);
});

deleting('is of an extension that can be looked at', async () => {
  const view = { id: ID, createdAt: 't', updatedAt: 't', fileName: 'e.zip', projectId: 'p1' };
  const { body } = await retrieveExtension({ getExtension: async () => EXTENSION })(
    newRequest({ pathId: ID }),
  );
  assert.equal(body, view);
});

deleting.run();
