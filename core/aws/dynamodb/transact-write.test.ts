import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createJumpingClock } from '../../domain/testing/jumping-clock.ts';
import { createFakeTable, failureOf, transactionCancelled } from '../testing/fake-client.ts';
import { conditionFailureAt, type TransactItems, transactWrite } from './transact-write.ts';

const items: TransactItems = [{ Put: { TableName: 'a', Item: {} } }, { Put: { TableName: 'b', Item: {} } }];
const conflict = transactionCancelled('None', 'TransactionConflict');

const writes = suite('transactWrite');

writes('writes all items in one call, and waits for nothing', async () => {
  const { client, sent } = createFakeTable([{}]);
  const clock = createJumpingClock();
  await transactWrite(client, clock, items);
  assert.equal(sent, [{ name: 'TransactWriteCommand', input: { TransactItems: items } }]);
  assert.equal(clock.waits, []);
});

for (const code of ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']) {
  writes(`tries again after ${code}`, async () => {
    const { client, sent } = createFakeTable([transactionCancelled(code, 'None'), {}]);
    await transactWrite(client, createJumpingClock(), items);
    assert.is(sent.length, 2);
  });
}

writes(
  'waits longer from attempt to attempt, never more than 400 ms, and gives up after twelve',
  async () => {
    const { client, sent } = createFakeTable(Array(12).fill(conflict));
    const clock = createJumpingClock();
    const { random } = Math;
    Math.random = () => 1;
    try {
      const failure = await failureOf(transactWrite(client, clock, items));
      assert.is(failure.name, 'TransactionBusyError');
      assert.is(failure.cause, conflict);
    } finally {
      Math.random = random;
    }
    assert.is(sent.length, 12);
    assert.equal(clock.waits, [30, 60, 120, 240, 400, 400, 400, 400, 400, 400, 400]);
  },
);

writes('hands a condition that does not hold to its caller at once, also beside a conflict', async () => {
  const refused = transactionCancelled('ConditionalCheckFailed', 'TransactionConflict');
  const { client, sent } = createFakeTable([refused]);
  assert.is(await failureOf(transactWrite(client, createJumpingClock(), items)), refused);
  assert.is(sent.length, 1);
});

writes('hands on every other failure, once', async () => {
  const fault = new Error('no table');
  const { client, sent } = createFakeTable([fault]);
  assert.is(await failureOf(transactWrite(client, createJumpingClock(), items)), fault);
  assert.is(sent.length, 1);
});

writes.run();

// ---

const reasons = suite('conditionFailureAt');

reasons('is the reason of that item, with what DynamoDB says is stored', () => {
  const error = transactionCancelled('None', { Code: 'ConditionalCheckFailed', item: { running: 3 } });
  assert.is(conditionFailureAt(error, 0), undefined);
  assert.equal(conditionFailureAt(error, 1)?.Item, { running: { N: '3' } });
});

reasons('is none for another code and for another error', () => {
  assert.is(conditionFailureAt(conflict, 1), undefined);
  assert.is(conditionFailureAt(new Error('no table'), 0), undefined);
});

reasons.run();
