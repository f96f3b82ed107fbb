import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Context } from '../../domain/context.ts';
import { tombstoneOf } from '../../domain/tombstone.ts';
import { createFakeTable } from '../testing/fake-client.ts';
import { getContext } from './get-context.ts';

const context: Context = {
  contextId: 'c1',
  projectId: 'p1',
  status: 'SAVED',
  createdAt: '2026-06-01T00:00:00.000Z',
  updatedAt: '2026-06-01T00:00:00.000Z',
};

const reads = suite('getContext');

reads('reads consistently: what was just created can be used', async () => {
  const contexts = createFakeTable([{ Item: context }], 'contexts');
  assert.equal(await getContext(contexts, 'c1'), context);
  const wanted = { TableName: 'contexts', Key: { contextId: 'c1' }, ConsistentRead: true };
  assert.equal(contexts.sent[0]?.input, wanted);
});

reads('is undefined when there is none', async () => {
  assert.is(await getContext(createFakeTable([{}]), 'c1'), undefined);
});

reads('is undefined when it was deleted, though its tombstone stands there', async () => {
  const tombstone = tombstoneOf(context, new Date('2026-06-02T00:00:00.000Z'));
  assert.is(await getContext(createFakeTable([{ Item: tombstone }]), 'c1'), undefined);
});

reads.run();
