import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tombstoneOf } from '../../domain/tombstone.ts';
import { createFakeTable } from '../testing/fake-client.ts';
import { listTombstones, removeTombstone } from './sweep-tombstones.ts';

const before = new Date('2026-06-02T00:00:00.000Z');
const tombstone = tombstoneOf({ projectId: 'p1', contextId: 'c1' }, new Date('2026-06-01T00:00:00.000Z'));

const tombstones = suite('tombstones');

tombstones('are found by the index, those that are old enough, so many at a time', async () => {
  const contexts = createFakeTable([{ Items: [tombstone] }], 'contexts');
  assert.equal(await listTombstones(contexts, before, 7), [tombstone]);
  const { input } = contexts.sent[0] ?? {};
  assert.equal([input.TableName, input.IndexName, input.Limit], ['contexts', 'projectId-createdAt', 7]);
  assert.is(input.KeyConditionExpression, 'projectId = :deleted AND createdAt < :before');
  assert.equal(input.ExpressionAttributeValues, {
    ':deleted': '#deleted',
    ':before': before.toISOString(),
  });
});

tombstones('are none where nothing was deleted', async () => {
  assert.equal(await listTombstones(createFakeTable([{}]), before, 7), []);
});

tombstones('are removed by the id of their context', async () => {
  const contexts = createFakeTable([{}], 'contexts');
  await removeTombstone(contexts, tombstone);
  const wanted = { name: 'DeleteCommand', input: { TableName: 'contexts', Key: { contextId: 'c1' } } };
  assert.equal(contexts.sent[0], wanted);
});

tombstones.run();
