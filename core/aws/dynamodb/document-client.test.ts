import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDocumentClient } from './document-client.ts';

const documents = suite('createDocumentClient');

documents('stores no field that is undefined', async () => {
  const bodies: string[] = [];
  const client = createDocumentClient({
    region: 'us-west-2',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    maxAttempts: 1,
    requestHandler: {
      handle: async ({ body }: { body: string }) => {
        bodies.push(body);
        throw new Error('that was all');
      },
    } as never,
  });
  const put = new PutCommand({
    TableName: 't',
    Item: { id: 'a', detail: undefined, nested: { x: undefined } },
  });
  await client.send(put).catch(() => undefined);
  assert.equal(JSON.parse(bodies[0] ?? '').Item, { id: { S: 'a' }, nested: { M: {} } });
});

documents.run();
