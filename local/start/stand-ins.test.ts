import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startDynoxide } from '../aws/dynamodb/dynoxide.ts';
import { sweepExpired } from '../aws/dynamodb/ttl-sweep.ts';
import { awaitCondition } from '../aws/testing/await-condition.ts';
import { closeAtEnd } from '../aws/testing/open-things.ts';
import { rejectionOf, silentLogger, withFolder } from '../aws/testing/serve-services.ts';
import { startTestAws } from '../aws/testing/start-test-aws.ts';
import { isRunning, type ProcessIdentity, signalProcess } from '../processes/process-table.ts';
import { readInfrastructure } from './infrastructure.ts';

const machine = suite('AWS on one machine');
const { sessions } = readInfrastructure().tables;
const TableName = sessions.name;

const put = (client: DynamoDBClient, sessionId: string, more = {}) =>
  client.send(new PutItemCommand({ TableName, Item: { sessionId: { S: sessionId }, ...more } }));

const streamedIds = (invocations: { functionName: string; event: { Records?: unknown } }[]): string[] =>
  invocations
    .filter(({ functionName }) => functionName === 'stream-processor')
    .flatMap(({ event }) => event.Records as { dynamodb: { Keys: { sessionId: { S: string } } } }[])
    .map(({ dynamodb }) => dynamodb.Keys.sessionId.S);

machine('keeps tables over a restart, and streams what was written since, once', () =>
  withFolder(async (folder) => {
    const first = await startTestAws(join(folder, 'data'));
    await first.startEventSources();
    const client = new DynamoDBClient(first.client);
    for (const id of ['a', 'b', 'c']) await put(client, id);
    await first.idle();
    assert.equal(streamedIds(first.invocations), ['a', 'b', 'c']);
    const record = first.invocations[0]?.event.Records[0];
    assert.is(record.eventName, 'INSERT');
    assert.is(record.eventSource, 'aws:dynamodb');
    assert.equal(record.dynamodb.NewImage, { sessionId: { S: 'a' } });
    assert.match(record.eventSourceARN, /stream/);
    await first.close();

    const second = await startTestAws(join(folder, 'data'));
    assert.equal(second.credentials, first.credentials);
    const again = new DynamoDBClient(second.client);
    await put(again, 'before the sources');
    await second.startEventSources();
    await put(again, 'after');
    await second.idle();
    assert.equal(streamedIds(second.invocations), ['before the sources', 'after']);
    const item = await again.send(new GetItemCommand({ TableName, Key: { sessionId: { S: 'b' } } }));
    assert.equal(item.Item, { sessionId: { S: 'b' } });
    await second.close();
    client.destroy();
    again.destroy();
  }),
);

machine('retries the stream function until it succeeds, in order', () =>
  withFolder(async (folder) => {
    let failures = 2;
    const seen: string[] = [];
    const invoke = async (_functionName: string, event: unknown) => {
      if (failures-- > 0) throw new Error('down');
      seen.push(...streamedIds([{ functionName: 'stream-processor', event: event as { Records: unknown } }]));
    };
    const aws = await startTestAws(join(folder, 'data'), { invoke });
    await aws.startEventSources();
    const client = new DynamoDBClient(aws.client);
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => put(client, id)));
    await aws.idle();
    assert.equal([...seen].sort(), ['a', 'b', 'c', 'd']);
    client.destroy();
    await aws.close();
  }),
);

machine('passes transactions and their reasons through', () =>
  withFolder(async (folder) => {
    const aws = await startTestAws(join(folder, 'data'));
    const client = new DynamoDBClient({ ...aws.client, maxAttempts: 1 });
    await put(client, 'a');
    const Item = { sessionId: { S: 'a' } };
    const ConditionExpression = 'attribute_not_exists(sessionId)';
    const once = {
      TableName,
      Item,
      ConditionExpression,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    const error = await rejectionOf(
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: once }] })),
    );
    assert.is(error.name, 'TransactionCanceledException');
    const reasons = (error as unknown as { CancellationReasons: { Code: string; Item: unknown }[] })
      .CancellationReasons;
    assert.is(reasons[0]?.Code, 'ConditionalCheckFailed');
    assert.equal(reasons[0]?.Item, Item);
    client.destroy();
    await aws.close();
  }),
);

machine('deletes items whose time to live is over, and no others', () =>
  withFolder(async (folder) => {
    const aws = await startTestAws(join(folder, 'data'));
    const client = new DynamoDBClient(aws.client);
    const now = new Date();
    const at = (seconds: number) => ({ purgeAt: { N: String(Math.floor(now.getTime() / 1000) + seconds) } });
    await put(client, 'due', at(-1));
    await put(client, 'later', at(60));
    await put(client, 'kept');
    await put(client, 'no time', { purgeAt: { N: '5' } });
    assert.is(await sweepExpired(client, sessions, now), 1);
    const get = async (id: string) =>
      (await client.send(new GetItemCommand({ TableName, Key: { sessionId: { S: id } } }))).Item;
    assert.is(await get('due'), undefined);
    for (const id of ['later', 'kept', 'no time']) assert.ok(await get(id), id);
    client.destroy();
    await aws.close();
  }),
);

machine('starts DynamoDB again when it dies, with every answered write', () =>
  withFolder(async (folder) => {
    const aws = await startTestAws(join(folder, 'data'));
    const client = new DynamoDBClient({ ...aws.client, maxAttempts: 8 });
    await put(client, 'kept');
    const record = () =>
      JSON.parse(readFileSync(join(folder, 'data/dynamodb/process.json'), 'utf8')) as ProcessIdentity;
    const before = record();
    signalProcess(before, 'SIGKILL');
    await awaitCondition(() => record().pid !== before.pid, 'a new process');
    const update = { TableName, Key: { sessionId: { S: 'kept' } }, UpdateExpression: 'SET seen = :yes' };
    const values = {
      ExpressionAttributeValues: { ':yes': { BOOL: true } },
      ReturnValues: 'ALL_NEW' as const,
    };
    const { Attributes } = await client.send(new UpdateItemCommand({ ...update, ...values }));
    assert.equal(Attributes, { sessionId: { S: 'kept' }, seen: { BOOL: true } });
    client.destroy();
    await aws.close();
    assert.not(isRunning(record()));
  }),
);

machine('works on a DynamoDB that is there already, and sees what others write to it', () =>
  withFolder(async (folder) => {
    const database = join(folder, 'database');
    mkdirSync(database);
    const existing = await startDynoxide({ folder: database, logger: silentLogger });
    closeAtEnd(existing.close);
    const aws = await startTestAws(join(folder, 'data'), { dynamodbEndpoint: existing.endpoint });
    await aws.startEventSources();
    const ours = new DynamoDBClient(aws.client);
    const theirs = new DynamoDBClient({ ...aws.client, endpoint: existing.endpoint });
    await put(ours, 'ours');
    await put(theirs, 'theirs');
    await awaitCondition(() => streamedIds(aws.invocations).length === 2, 'both are streamed');
    assert.equal(streamedIds(aws.invocations), ['ours', 'theirs']);
    ours.destroy();
    theirs.destroy();
    await aws.close();
    await existing.close();
  }),
);

machine('is alone on its data folder', () =>
  withFolder(async (folder) => {
    const aws = await startTestAws(join(folder, 'data'));
    assert.is((await rejectionOf(startTestAws(join(folder, 'data')))).name, 'DataFolderInUse');
    await aws.close();
    assert.not(existsSync(join(folder, 'data/owner.json')));
  }),
);

machine.run();
