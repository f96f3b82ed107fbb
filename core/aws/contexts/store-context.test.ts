import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Context } from '../../domain/context.ts';
import { conditionFailed, createFakeTable, failureOf } from '../testing/fake-client.ts';
import { deleteContext } from './delete-context.ts';
import { recordSavedProfile } from './record-saved-profile.ts';
import { storeContext } from './store-context.ts';

const at = new Date('2026-06-02T00:00:00.000Z');
const context: Context = {
  contextId: 'c1',
  projectId: 'p1',
  status: 'EMPTY',
  createdAt: '2026-06-01T00:00:00.000Z',
  updatedAt: '2026-06-01T00:00:00.000Z',
};

const storing = suite('storeContext');

storing('never writes over a context that is there', async () => {
  const contexts = createFakeTable([{}], 'contexts');
  await storeContext(contexts, context);
  const { input } = contexts.sent[0] ?? {};
  assert.equal([input.TableName, input.Item], ['contexts', context]);
  assert.is(input.ConditionExpression, 'attribute_not_exists(contextId)');
});

storing.run();

// ---

const deleting = suite('deleteContext');

deleting('puts a tombstone there, which knows the key of the archive', async () => {
  const contexts = createFakeTable([{}], 'contexts');
  await deleteContext(contexts, context, at);
  const { name, input } = contexts.sent[0] ?? {};
  assert.is(name, 'PutCommand');
  assert.equal(input.Item, {
    contextId: 'c1',
    projectId: '#deleted',
    createdAt: at.toISOString(),
    profileKey: 'p1/c1/profile.tar.gz',
  });
});

deleting('is done when somebody else has deleted it: the first counts', async () => {
  const contexts = createFakeTable([conditionFailed()]);
  await deleteContext(contexts, context, at);
  const { input } = contexts.sent[0] ?? {};
  assert.is(input.ConditionExpression, 'projectId = :projectId');
  assert.equal(input.ExpressionAttributeValues, { ':projectId': 'p1' });
});

deleting('hands on every other failure', async () => {
  const fault = new Error('throttled');
  assert.is(await failureOf(deleteContext(createFakeTable([fault]), context, at)), fault);
});

deleting.run();

// ---

const saving = suite('recordSavedProfile');
const saved = { sizeBytes: 10, sessionId: 's1', at };

saving('notes size, session and time', async () => {
  const contexts = createFakeTable([{ Attributes: {} }]);
  await recordSavedProfile(contexts, 'c1', saved);
  const { input } = contexts.sent[0] ?? {};
  assert.equal(input.Key, { contextId: 'c1' });
  assert.equal(input.ExpressionAttributeValues, {
    ':status': 'SAVED',
    ':sizeBytes': 10,
    ':lastSessionId': 's1',
    ':updatedAt': at.toISOString(),
  });
});

saving('does not bring a deleted context back, and that is no failure', async () => {
  const contexts = createFakeTable([conditionFailed({ contextId: 'c1', projectId: '#deleted' })]);
  await recordSavedProfile(contexts, 'c1', saved);
  const { input } = contexts.sent[0] ?? {};
  assert.is(input.ConditionExpression, 'attribute_exists(#contextId) AND attribute_exists(#status)');
});

saving.run();
