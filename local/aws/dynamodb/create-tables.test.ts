import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TableSpec } from '../../../terraform/reader/infrastructure.ts';
import { closeAtEnd } from '../testing/open-things.ts';
import { CREDENTIALS, REGION, rejectionOf, silentLogger, withFolder } from '../testing/serve-services.ts';
import { createTables } from './create-tables.ts';
import { startDynoxide } from './dynoxide.ts';

const PLAIN: TableSpec = { name: 'plain', hashKey: 'id', indexes: [] };
const RICH: TableSpec = {
  name: 'rich',
  hashKey: 'id',
  indexes: [
    { name: 'by-owner', hashKey: 'owner', rangeKey: 'createdAt' },
    { name: 'by-state', hashKey: 'state', rangeKey: 'createdAt' },
  ],
  streamTo: 'stream-processor',
  ttlAttribute: 'purgeAt',
};

const withDatabase = (use: (client: DynamoDBClient) => Promise<void>) => () =>
  withFolder(async (folder) => {
    const { endpoint, close } = await startDynoxide({ folder, logger: silentLogger });
    closeAtEnd(close);
    const client = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
    try {
      await use(client);
    } finally {
      client.destroy();
    }
  });

const describe = async (client: DynamoDBClient, TableName: string) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table;

const t = suite('tables');

t(
  'may have a range key, and are refused on data that has none',
  withDatabase(async (client) => {
    const paired = { ...PLAIN, name: 'paired', rangeKey: 'at' };
    const [made] = await createTables(client, [paired]);
    assert.equal(made?.KeySchema, [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ]);
    await createTables(client, [paired]);
    assert.is(
      (await rejectionOf(createTables(client, [{ ...PLAIN, name: 'paired' }]))).name,
      'TableMismatch',
    );
  }),
);

t(
  'are made with their keys, indexes and stream',
  withDatabase(async (client) => {
    const [plain, rich] = await createTables(client, [PLAIN, RICH]);
    assert.equal(plain?.KeySchema, [{ AttributeName: 'id', KeyType: 'HASH' }]);
    assert.is(plain?.LatestStreamArn, undefined);
    assert.equal(
      rich?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema }) => [
        IndexName,
        ...(KeySchema ?? []).map(({ AttributeName }) => AttributeName),
      ]).sort(),
      [
        ['by-owner', 'owner', 'createdAt'],
        ['by-state', 'state', 'createdAt'],
      ],
    );
    assert.ok(rich?.LatestStreamArn);
    assert.is((await describe(client, 'rich'))?.StreamSpecification?.StreamViewType, 'NEW_AND_OLD_IMAGES');
  }),
);

t(
  'that are there already are left as they are',
  withDatabase(async (client) => {
    const [first] = await createTables(client, [RICH]);
    const [second] = await createTables(client, [RICH]);
    assert.is(second?.LatestStreamArn, first?.LatestStreamArn);
    assert.equal(second?.CreationDateTime, first?.CreationDateTime);
  }),
);

const CHANGES: Readonly<Record<string, Partial<TableSpec>>> = {
  'another key': { hashKey: 'name' },
  'one index less': { indexes: RICH.indexes.slice(1) },
  'another index': { indexes: RICH.indexes.map((index) => ({ ...index, name: `${index.name}-2` })) },
};
for (const [what, change] of Object.entries(CHANGES)) {
  t(
    `with ${what} than wanted stop the start, with a sentence that says what to do`,
    withDatabase(async (client) => {
      await createTables(client, [RICH]);
      const error = await rejectionOf(createTables(client, [{ ...RICH, ...change }]));
      assert.is(error.name, 'TableMismatch');
      assert.match(
        error.message,
        /^The table rich is of another version .*: remove the data folder, or start on another$/,
      );
    }),
  );
}

t(
  'without the stream that is wanted stop the start as well',
  withDatabase(async (client) => {
    await createTables(client, [PLAIN]);
    const error = await rejectionOf(createTables(client, [{ ...PLAIN, streamTo: 'stream-processor' }]));
    assert.is(error.name, 'TableMismatch');
  }),
);

t.run();
