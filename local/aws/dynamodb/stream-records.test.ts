import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closeAtEnd, closeOpenThings } from '../testing/open-things.ts';
import { CREDENTIALS, REGION, silentLogger, withFolder } from '../testing/serve-services.ts';
import { createTables } from './create-tables.ts';
import { startDynoxide } from './dynoxide.ts';
import { createStreamReader } from './stream-reader.ts';

const DAY_MS = 24 * 60 * 60_000;

/** A table of a real Dynoxide, with a stream. */
async function open(folder: string) {
  const { endpoint, trim, close } = await startDynoxide({ folder, logger: silentLogger });
  closeAtEnd(close);
  const options = { endpoint, region: REGION, credentials: CREDENTIALS };
  const client = new DynamoDBClient(options);
  const streams = new DynamoDBStreamsClient(options);
  const [table] = await createTables(client, [{ name: 'things', hashKey: 'id', indexes: [], streamTo: 'f' }]);
  closeAtEnd(async () => {
    client.destroy();
    streams.destroy();
  });
  const reader = createStreamReader({
    client: streams,
    streamArn: table?.LatestStreamArn ?? '',
    checkpointFile: join(folder, 'checkpoint.json'),
    onTrimmed: () => assert.unreachable('nothing is lost'),
  });
  const put = (id: string, text = '') =>
    client.send(new PutItemCommand({ TableName: 'things', Item: { id: { S: id }, text: { S: text } } }));
  const database = new DatabaseSync(join(folder, 'dynamodb.sqlite'));
  closeAtEnd(async () => database.close());
  return { put, reader, trim, database };
}

const idsOf = (records: Awaited<ReturnType<Awaited<ReturnType<typeof open>>['reader']['read']>>) =>
  records.map(({ dynamodb }) => dynamodb?.Keys?.id?.S);

const t = suite('the stream records of the database process');
t.after.each(closeOpenThings);

t('are found without looking at all of them', () =>
  withFolder(async (folder) => {
    const { put, reader, database } = await open(folder);
    await put('a');
    assert.equal(idsOf(await reader.read(9)), ['a']);
    // What Dynoxide asks: for the number of the next record, the ends of a shard, and what a reader has not seen.
    for (const query of [
      'SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?1',
      'SELECT MIN(sequence_number), MAX(sequence_number) FROM _stream_records WHERE table_name = ?1 AND shard_id = ?2',
      `SELECT event_name, keys_json FROM _stream_records WHERE table_name = ?1 AND shard_id = ?2 AND
         CAST(sequence_number AS INTEGER) > ?3 ORDER BY CAST(sequence_number AS INTEGER) ASC`,
    ]) {
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all();
      assert.match(
        JSON.stringify(plan),
        /SEARCH _stream_records USING (COVERING )?INDEX wallcrawler_by/,
        query,
      );
      assert.not.match(JSON.stringify(plan), /SCAN|TEMP B-TREE/, query);
    }
  }),
);

// A reader takes fewer than it asked for as all there are.
t('are given as many as were asked for, however large they are', () =>
  withFolder(async (folder) => {
    const { put, reader } = await open(folder);
    const ids = Array.from({ length: 12 }, (_, index) => `id-${String(index).padStart(2, '0')}`);
    for (const id of ids) await put(id, 'x'.repeat(380_000));
    assert.equal(idsOf(await reader.read(25)), ids);
  }),
);

t('are kept for a day, and the last one for its number: a reader goes on behind it', () =>
  withFolder(async (folder) => {
    const { put, reader, trim, database } = await open(folder);
    for (const id of ['a', 'b', 'c']) await put(id);
    const seen = await reader.read(9);
    reader.commit(seen.at(-1)?.dynamodb?.SequenceNumber ?? '');
    assert.is(trim(new Date(Date.now() + DAY_MS - 60_000)), 0);
    assert.is(trim(new Date(Date.now() + DAY_MS + 60_000)), 2);
    assert.equal(database.prepare('SELECT COUNT(*) AS count FROM _stream_records').get()?.count, 1);
    await put('d');
    assert.equal(idsOf(await reader.read(9)), ['d']);
  }),
);

t('of a day with many are deleted some at a time', () =>
  withFolder(async (folder) => {
    const { put, trim, database } = await open(folder);
    await put('a');
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
      INSERT INTO _stream_records (table_name, event_name, keys_json, sequence_number, shard_id, created_at)
      SELECT 'things', 'INSERT', '{}', i, 'shard', 1 FROM n`);
    const now = new Date();
    assert.equal([trim(now), trim(now), trim(now), trim(now)], [1_000, 1_000, 498, 0]);
  }),
);

t('are left for later while Dynoxide writes, and the machine does not wait for it', () =>
  withFolder(async (folder) => {
    const { put, trim, database } = await open(folder);
    for (const id of ['a', 'b']) await put(id);
    const tomorrow = new Date(Date.now() + 2 * DAY_MS);
    database.exec('BEGIN IMMEDIATE');
    assert.throws(() => trim(tomorrow), /database is locked/);
    database.exec('ROLLBACK');
    assert.is(trim(tomorrow), 1);
  }),
);

t.run();
