import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectionOf } from '../testing/serve-services.ts';
import { sweepExpired } from './ttl-sweep.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const NOW_SECONDS = NOW.getTime() / 1000;
const TABLE = { name: 'things', hashKey: 'id', ttlAttribute: 'purgeAt' };

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Record<string, unknown>;
}

/** A table that finds `ids` expired, and fails to delete those that `failures` names. */
function fakeTable(ids: readonly string[], failures: Readonly<Record<string, Error>> = {}) {
  const commands: Command[] = [];
  const send = {
    send: async (command: Command) => {
      commands.push(command);
      if (command.constructor.name === 'ScanCommand')
        return { Items: ids.map((id) => ({ id: { S: id }, more: { N: '1' } })) };
      const failure = failures[(command.input.Key as { id: { S: string } }).id.S];
      if (failure !== undefined) throw failure;
      return {};
    },
  };
  // The paginator insists on a real client.
  return { client: Object.assign(new DynamoDBClient({ region: 'us-west-2' }), send), commands };
}

const changed = () => new ConditionalCheckFailedException({ message: 'changed', $metadata: {} });

const t = suite('the sweep of what has expired');

t('asks for the items whose time is over, but for no more than five years', async () => {
  const { client, commands } = fakeTable([]);
  assert.is(await sweepExpired(client, TABLE, NOW), 0);
  const [scan] = commands;
  assert.is(scan?.input.TableName, 'things');
  assert.is(scan?.input.FilterExpression, '#ttl BETWEEN :oldest AND :now');
  assert.equal(scan?.input.ExpressionAttributeNames, { '#ttl': 'purgeAt' });
  assert.equal(scan?.input.ExpressionAttributeValues, {
    ':oldest': { N: String(NOW_SECONDS - 5 * 365 * 86_400) },
    ':now': { N: String(NOW_SECONDS) },
  });
});

t('deletes each by its key, if it is still expired then', async () => {
  const { client, commands } = fakeTable(['a', 'b']);
  assert.is(await sweepExpired(client, TABLE, NOW), 2);
  const deletions = commands.slice(1).map(({ input }) => [input.Key, input.ConditionExpression]);
  assert.equal(deletions, [
    [{ id: { S: 'a' } }, '#ttl BETWEEN :oldest AND :now'],
    [{ id: { S: 'b' } }, '#ttl BETWEEN :oldest AND :now'],
  ]);
});

t('deletes by both parts of a key that has two', async () => {
  const { client, commands } = fakeTable(['a']);
  await sweepExpired(client, { ...TABLE, rangeKey: 'more' }, NOW);
  assert.equal(commands[1]?.input.Key, { id: { S: 'a' }, more: { N: '1' } });
});

t('does not count what was given more time meanwhile, and goes on', async () => {
  const { client } = fakeTable(['a', 'b'], { a: changed() });
  assert.is(await sweepExpired(client, TABLE, NOW), 1);
});

t('passes any other failure on', async () => {
  const { client } = fakeTable(['a'], { a: new Error('down') });
  assert.is((await rejectionOf(sweepExpired(client, TABLE, NOW))).message, 'down');
});

t('leaves a table without a time to live alone', async () => {
  const { client, commands } = fakeTable(['a']);
  assert.is(await sweepExpired(client, { name: 'things', hashKey: 'id' }, NOW), 0);
  assert.equal(commands, []);
});

t.run();
