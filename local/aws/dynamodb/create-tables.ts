import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  ResourceNotFoundException,
  type TableDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { TableSpec } from '../../../terraform/reader/infrastructure.ts';

export class TableMismatch extends Error {
  override readonly name = 'TableMismatch';
}

const MAX_WAIT_SECONDS = 20;

/**
 * Creates the tables that are not there. An existing one must have the keys, indexes and stream of its spec. Times to live
 * are left to our own sweep: what stands behind this endpoint may know none.
 */
export async function createTables(
  client: DynamoDBClient,
  tables: readonly TableSpec[],
): Promise<TableDescription[]> {
  return Promise.all(
    tables.map(async (spec) => {
      const existing = await describe(client, spec.name);
      if (existing === undefined) return create(client, spec);
      requireMatch(existing, spec);
      return existing;
    }),
  );
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function create(client: DynamoDBClient, spec: TableSpec): Promise<TableDescription> {
  const keys = keysOf(spec);
  const indexKeys = spec.indexes.flatMap(({ hashKey, rangeKey }) => [hashKey, rangeKey]);
  await client.send(
    new CreateTableCommand({
      TableName: spec.name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...new Set([...keys, ...indexKeys])].map((name) => ({
        AttributeName: name,
        AttributeType: 'S',
      })),
      KeySchema: keys.map((name, index) => ({
        AttributeName: name,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
      ...(spec.indexes.length === 0 ? {} : { GlobalSecondaryIndexes: spec.indexes.map(toIndex) }),
      ...(spec.streamTo === undefined
        ? {}
        : { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
    }),
  );
  const waiter = { client, maxWaitTime: MAX_WAIT_SECONDS, minDelay: 1, maxDelay: 2 };
  // What it saw last.
  const { reason } = await waitUntilTableExists(waiter, { TableName: spec.name });
  return (reason as { readonly Table: TableDescription }).Table;
}

const keysOf = ({ hashKey, rangeKey }: TableSpec): readonly string[] =>
  rangeKey === undefined ? [hashKey] : [hashKey, rangeKey];

const toIndex = ({ name, hashKey, rangeKey }: TableSpec['indexes'][number]): GlobalSecondaryIndex => ({
  IndexName: name,
  KeySchema: [
    { AttributeName: hashKey, KeyType: 'HASH' },
    { AttributeName: rangeKey, KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'ALL' },
});

function requireMatch(table: TableDescription, spec: TableSpec): void {
  const { KeySchema: keys = [], GlobalSecondaryIndexes: indexes = [], StreamSpecification: stream } = table;
  const names = indexes.map(({ IndexName }) => IndexName);
  const wantedNames = spec.indexes.map(({ name }) => name);
  const actual = JSON.stringify([
    keys.map(({ AttributeName }) => AttributeName).join(),
    names.sort(),
    stream?.StreamEnabled === true,
  ]);
  const wanted = JSON.stringify([keysOf(spec).join(), wantedNames.sort(), spec.streamTo !== undefined]);
  if (actual === wanted) return;
  throw new TableMismatch(
    `The table ${spec.name} is of another version (${actual}, wanted ${wanted}): remove the data folder, or start on another`,
  );
}
