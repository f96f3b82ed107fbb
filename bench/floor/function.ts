/**
 * The least that a create and a release can be: the exchanges that this design cannot do without, one after the other, and
 * nothing between them. Two reads, one transaction that admits the session, its container, one write that it is ready.
 * A process of its own, as the platform is: it says its port to its parent, and ends with it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import type { FloorSettings } from './floor.ts';

interface Container {
  readonly child: ChildProcess;
  /** When its Chrome can be driven. */
  readonly ready: Promise<{ readonly url: string; readonly claimUrl: string }>;
}

const { aws, chrome } = JSON.parse(process.argv[2] ?? '') as FloorSettings;
// A platform may have had another floor beside it.
const TableName = `bench-floor-${process.pid}`;
const PROJECT = { id: 'project' };
const SLOT = { id: 'slot' };
const CONTAINER = new URL('container.cjs', import.meta.url).pathname;
// As long as a session's item, and as a claim.
const SESSION_TEXT = 'x'.repeat(700);
const CLAIM = 'x'.repeat(1_200);

const client = createDocumentClient(aws);
const waiting: Container[] = [];
const running = new Map<string, Container>();
const leaving = new Set<Promise<unknown>>();
const arrivals = new Map<string, (said: string) => void>();
let lastId = 0;
const newId = () => String(++lastId);

function startContainer(): Container {
  const id = newId();
  const { promise, resolve } = Promise.withResolvers<string>();
  arrivals.set(id, resolve);
  const settings = JSON.stringify({ ...chrome, readyUrl: `${origin}/ready/${id}` });
  const child = spawn(process.execPath, [CONTAINER, settings], { stdio: ['pipe', 'ignore', 'inherit'] });
  return { child, ready: promise.then((said) => JSON.parse(said)) };
}

const admit = (sessionId: string) =>
  client.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName,
            Item: { id: sessionId, text: SESSION_TEXT },
            ConditionExpression: 'attribute_not_exists(id)',
          },
        },
        {
          Update: {
            TableName,
            Key: PROJECT,
            UpdateExpression: 'ADD running :one',
            ExpressionAttributeValues: { ':one': 1 },
          },
        },
        { Put: { TableName, Item: { ...SLOT, sessionId } } },
      ],
    }),
  );

const setStatus = (sessionId: string, status: string) =>
  client.send(
    new UpdateCommand({
      TableName,
      Key: { id: sessionId },
      UpdateExpression: 'SET #status = :status',
      ConditionExpression: 'attribute_exists(id)',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status },
      ReturnValues: 'ALL_NEW',
    }),
  );

async function create(isWarm: boolean): Promise<string> {
  const sessionId = `session-${newId()}`;
  await Promise.all([
    client.send(new GetCommand({ TableName, Key: PROJECT })),
    client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': SLOT.id },
      }),
    ),
  ]);
  await admit(sessionId);
  const container = isWarm ? waiting.shift() : startContainer();
  if (container === undefined) throw new Error('no container waits');
  running.set(sessionId, container);
  const { url, claimUrl } = await container.ready;
  if (isWarm) await (await fetch(claimUrl, { method: 'POST', body: CLAIM })).text();
  await setStatus(sessionId, 'READY');
  return JSON.stringify({ sessionId, url });
}

async function release(sessionId: string): Promise<string> {
  const container = running.get(sessionId);
  running.delete(sessionId);
  await setStatus(sessionId, 'COMPLETED');
  if (container === undefined) throw new Error('no such session');
  const gone = once(container.child, 'exit').finally(() => leaving.delete(gone));
  leaving.add(gone);
  container.child.stdin?.end();
  return '';
}

async function fill(): Promise<string> {
  const container = startContainer();
  await container.ready;
  waiting.push(container);
  return '';
}

/** Takes no time from what comes next. */
async function rest(): Promise<string> {
  await Promise.all(leaving);
  return '';
}

async function serve([, what, of = '']: readonly string[], body: string): Promise<string> {
  if (what === 'create') return create(of === 'warm');
  if (what === 'release') return release(of);
  if (what === 'fill') return fill();
  if (what === 'rest') return rest();
  arrivals.get(of)?.(body);
  return '';
}

const server = http.createServer(async (request, response) => {
  try {
    response.end(await serve((request.url ?? '').split('/'), await text(request)));
  } catch (error) {
    response.writeHead(500).end((error as Error).message);
  }
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

await client.send(
  new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  }),
);
await client.send(new PutCommand({ TableName, Item: PROJECT }));
process.send?.(origin);
// Its containers end with it: their standard input is its.
process.once('disconnect', () => process.exit());
