import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { TableSpec } from '../../../terraform/reader/infrastructure.ts';

/** DynamoDB never expires an item that has been due for longer: most likely the attribute is no time at all. */
const MAX_AGE_SECONDS = 5 * 365 * 86_400;

/** Deletes the items whose time-to-live is over, which DynamoDB does by itself on AWS. Returns how many. */
export async function sweepExpired(
  client: DynamoDBClient,
  table: Pick<TableSpec, 'name' | 'hashKey' | 'rangeKey' | 'ttlAttribute'>,
  now: Date,
): Promise<number> {
  if (table.ttlAttribute === undefined) return 0;
  const nowSeconds = Math.floor(now.getTime() / 1000);
  const condition = {
    TableName: table.name,
    ExpressionAttributeNames: { '#ttl': table.ttlAttribute },
    ExpressionAttributeValues: {
      ':oldest': { N: String(nowSeconds - MAX_AGE_SECONDS) },
      ':now': { N: String(nowSeconds) },
    },
  };
  const expired = '#ttl BETWEEN :oldest AND :now';
  const keys = table.rangeKey === undefined ? [table.hashKey] : [table.hashKey, table.rangeKey];
  let deleted = 0;
  for await (const { Items = [] } of paginateScan({ client }, { ...condition, FilterExpression: expired })) {
    for (const item of Items) {
      const key = Object.fromEntries(keys.map((name) => [name, item[name] as AttributeValue]));
      // Conditional: the time may have been moved since the scan.
      const command = new DeleteItemCommand({ ...condition, Key: key, ConditionExpression: expired });
      const isDeleted = client.send(command).then(() => true, falseWhenMoved);
      if (await isDeleted) deleted += 1;
    }
  }
  return deleted;
}

function falseWhenMoved(error: unknown): false {
  if (error instanceof ConditionalCheckFailedException) return false;
  throw error;
}
