import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CUT_ANSWERS, startCutter } from '../../../core/testing/cut-bodies.ts';
import { createAccess } from '../iam/access.ts';
import { createPrincipals } from '../iam/principals.ts';
import { closeAtEnd, closeOpenThings } from '../testing/open-things.ts';
import { CREDENTIALS, rejectionOf, serveServices } from '../testing/serve-services.ts';
import { createDynamodbApi } from './dynamodb-api.ts';

const TABLE = 'arn:aws:dynamodb:us-west-2:000000000000:table/things';
const roles = {
  reader: {
    role: 'reader',
    statements: [{ Effect: 'Allow' as const, Action: ['dynamodb:GetItem'], Resource: [TABLE] }],
  },
};
const principals = createPrincipals(roles, { owner: CREDENTIALS, accountId: '000000000000' });
const access = createAccess(principals, { region: 'us-west-2', accountId: '000000000000', taskRoles: [] });
const Key = { id: { S: 'a' } };

interface Forwarded {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A backend that answers everything with one item, and the stand-in before it. */
async function serve() {
  const forwarded: Forwarded[] = [];
  const backend = createServer(async (request, response) => {
    forwarded.push({ headers: request.headers, body: await text(request) });
    response.writeHead(200, { 'access-control-allow-origin': '*', 'x-amz-crc32': '0', 'x-own': 'kept' });
    response.end(JSON.stringify({ Item: { id: { S: 'a' }, n: { N: '1' } } }));
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const closeBackend = () => new Promise<void>((resolve) => backend.close(() => resolve()));
  const written: (readonly string[])[] = [];
  const api = createDynamodbApi({
    backend: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`,
    accessKeyId: CREDENTIALS.accessKeyId,
    onWrite: (tables) => void written.push(tables),
  });
  const served = await serveServices({ dynamodb: api }, { access });
  closeAtEnd(async () => {
    api.close();
    backend.closeAllConnections();
    await closeBackend();
  });
  const credentials = principals.get('reader')?.credentials ?? CREDENTIALS;
  const owner = new DynamoDBClient(served.client);
  const reader = new DynamoDBClient({ ...served.client, credentials });
  return { owner, reader, forwarded, writes: () => written.length, written, api, backend };
}

const t = suite('the way to DynamoDB');
t.after.each(closeOpenThings);

t('passes a call on as it came, and the answer as it came', async () => {
  const { reader, forwarded } = await serve();
  const { Item } = await reader.send(new GetItemCommand({ TableName: 'things', Key }));
  assert.equal(Item, { id: { S: 'a' }, n: { N: '1' } });
  assert.equal(JSON.parse(forwarded[0]?.body ?? ''), { TableName: 'things', Key });
  assert.is(forwarded[0]?.headers['x-amz-target'], 'DynamoDB_20120810.GetItem');
});

t('is the owner’s for everyone, because DynamoDB Local keeps a database for each key', async () => {
  const { reader, forwarded } = await serve();
  await reader.send(new GetItemCommand({ TableName: 'things', Key }));
  assert.match(
    forwarded[0]?.headers.authorization ?? '',
    new RegExp(`Credential=${CREDENTIALS.accessKeyId}/`),
  );
});

t('tells of writes, and of nothing else', async () => {
  const { owner, writes } = await serve();
  await owner.send(new GetItemCommand({ TableName: 'things', Key }));
  assert.is(writes(), 0);
  await owner.send(new PutItemCommand({ TableName: 'things', Item: Key }));
  assert.is(writes(), 1);
});

t('tells which tables a write is for, each once', async () => {
  const { owner, written } = await serve();
  const put = (TableName: string) => ({ Put: { TableName, Item: Key } });
  const items = [{ PutRequest: { Item: Key } }];
  await owner.send(new UpdateItemCommand({ TableName: TABLE, Key }));
  const TransactItems = [put('one'), put('two'), put('one')];
  await owner.send(new TransactWriteItemsCommand({ TransactItems }));
  await owner.send(new BatchWriteItemCommand({ RequestItems: { three: items, four: items } }));
  assert.equal(written, [['things'], ['one', 'two'], ['three', 'four']]);
});

t('is closed to what a role does not allow: another call, another table, an index', async () => {
  const { reader, forwarded, writes } = await serve();
  const refused = [
    new PutItemCommand({ TableName: 'things', Item: Key }),
    new GetItemCommand({ TableName: 'others', Key }),
    new QueryCommand({ TableName: 'things', IndexName: 'by-name', KeyConditionExpression: 'id = a' }),
  ];
  for (const command of refused) {
    const error = await rejectionOf(reader.send(command as PutItemCommand));
    assert.is(error.name, 'AccessDeniedException');
  }
  assert.equal(forwarded, []);
  assert.is(writes(), 0);
});

for (const cut of CUT_ANSWERS)
  t(`takes no answer for whole that was cut: ${cut.name}`, async () => {
    const cutter = await startCutter(cut, '{}');
    const api = createDynamodbApi({
      backend: `http://127.0.0.1:${cutter.port}`,
      accessKeyId: CREDENTIALS.accessKeyId,
      onWrite: () => undefined,
    });
    const { client } = await serveServices({ dynamodb: api }, { access });
    closeAtEnd(async () => {
      api.close();
      await cutter.stop();
    });
    const asked = new DynamoDBClient(client).send(new GetItemCommand({ TableName: 'things', Key }));
    assert.match((await rejectionOf(asked)).message, /aborted|ECONNRESET|socket hang up/);
  });

t('brings no invitation of the backend to the pages of any origin', async () => {
  const { owner } = await serve();
  const seen: Record<string, string>[] = [];
  owner.middlewareStack.add(
    (next) => async (given) => {
      const result = await next(given);
      seen.push((result.response as { headers: Record<string, string> }).headers);
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  await owner.send(new GetItemCommand({ TableName: 'things', Key }));
  assert.is(seen[0]?.['x-own'], 'kept');
  assert.is(seen[0]?.['access-control-allow-origin'], undefined);
});

t('says that DynamoDB cannot be reached', async () => {
  const { owner, backend } = await serve();
  backend.closeAllConnections();
  await new Promise<void>((resolve) => backend.close(() => resolve()));
  const error = await rejectionOf(owner.send(new GetItemCommand({ TableName: 'things', Key })));
  assert.is(error.name, 'InternalServerError');
  assert.is(error.$metadata?.httpStatusCode, 500);
});

t.run();
