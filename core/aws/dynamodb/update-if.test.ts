import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conditionFailed, createFakeTable, failureOf } from '../testing/fake-client.ts';
import { toExpressions, updateIf } from './update-if.ts';

const update = { key: { id: 'a' }, set: { status: 'READY' } };

const updates = suite('updateIf');

updates('answers the item as it is after the update', async () => {
  const table = createFakeTable([{ Attributes: { id: 'a', status: 'READY' } }], 'things');
  assert.equal(await updateIf(table, update), { applied: true, item: { id: 'a', status: 'READY' } });
  const { name, input } = table.sent[0] ?? {};
  assert.is(name, 'UpdateCommand');
  assert.equal([input.TableName, input.Key], ['things', { id: 'a' }]);
  assert.equal([input.ReturnValues, input.ReturnValuesOnConditionCheckFailure], ['ALL_NEW', 'ALL_OLD']);
});

updates('answers the item as it stays when the condition does not hold', async () => {
  const table = createFakeTable([conditionFailed({ id: 'a', status: 'STOPPED', count: 2 })]);
  const outcome = await updateIf(table, update);
  assert.equal(outcome, { applied: false, item: { id: 'a', status: 'STOPPED', count: 2 } });
});

updates('answers no item when there is none', async () => {
  const table = createFakeTable([conditionFailed()]);
  assert.equal(await updateIf(table, update), { applied: false, item: undefined });
});

updates('hands on every other failure', async () => {
  const fault = new Error('throttled');
  assert.is(await failureOf(updateIf(createFakeTable([fault]), update)), fault);
});

updates.run();

// ---

const expressions = suite('toExpressions');

expressions('ask for the item itself, and name every field by a placeholder', () => {
  assert.equal(toExpressions({ key: { id: 'a' }, set: { status: 'READY', name: 'n' } }), {
    UpdateExpression: 'SET #status = :status, #name = :name',
    ConditionExpression: 'attribute_exists(#id)',
    ExpressionAttributeNames: { '#status': 'status', '#name': 'name', '#id': 'id' },
    ExpressionAttributeValues: { ':status': 'READY', ':name': 'n' },
  });
});

expressions('join all conditions, and keep the new value of a field apart from those it may have', () => {
  const made = toExpressions({
    key: { id: 'a' },
    set: { status: 'ACTIVE' },
    oneOf: { status: ['READY', 'ACTIVE'] },
    present: ['address'],
    absent: ['endReason'],
  });
  assert.is(
    made.ConditionExpression,
    'attribute_exists(#id) AND attribute_exists(#address) AND attribute_not_exists(#endReason) AND #status IN (:statusIs0, :statusIs1)',
  );
  assert.equal(made.ExpressionAttributeValues, {
    ':status': 'ACTIVE',
    ':statusIs0': 'READY',
    ':statusIs1': 'ACTIVE',
  });
});

expressions('leave out what is undefined', () => {
  const made = toExpressions({ key: { id: 'a' }, set: { endReason: 'idle', endDetail: undefined } });
  assert.is(made.UpdateExpression, 'SET #endReason = :endReason');
  assert.equal(made.ExpressionAttributeValues, { ':endReason': 'idle' });
});

expressions.run();
