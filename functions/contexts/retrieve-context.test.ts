import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Context } from '../../core/domain/context.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { retrieveContext } from './retrieve-context.ts';

const ID = '00000000-0000-4000-8000-00000000000c';
const context: Context = {
  contextId: ID,
  projectId: 'p1',
  status: 'SAVED',
  createdAt: '2026-06-01T00:00:00.000Z',
  updatedAt: '2026-06-02T00:00:00.000Z',
  sizeBytes: 10,
  lastSessionId: 's1',
};
const retrieve = (found: Context | undefined, pathId = ID) =>
  retrieveContext({ getContext: async () => found })(newRequest({ pathId }));

const retrieving = suite('retrieveContext');

retrieving('shows what the contract has of it, and no more', async () => {
  const { status, body } = await retrieve(context);
  assert.is(status, 200);
  assert.equal(body, {
    id: ID,
    createdAt: '2026-06-01T00:00:00.000Z',
    updatedAt: '2026-06-02T00:00:00.000Z',
    projectId: 'p1',
  });
});

retrieving('shows the name of one that has a name', async () => {
  assert.is(((await retrieve({ ...context, name: '' })).body as Context).name, '');
});

retrieving('is 404 for another project, for none, and for what can be no id', async () => {
  for (const [found, id] of [
    [{ ...context, projectId: 'p2' }, ID],
    [undefined, ID],
    [context, 'profile.tar.gz'],
  ] as const) {
    const { status, message } = await appErrorOf(retrieve(found, id));
    assert.equal([status, message], [404, `No context ${id} in this project`]);
  }
});

retrieving.run();
