import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readLiveCode } from './support/live-code.ts';
import { type Needs, readNeeds } from './support/needs.ts';

const ENTRY = 'functions/things/get-thing.lambda.ts';

/** What a function needs whose entry is `source`, beside the files that every case has. */
async function needsOf(source: string, files: Readonly<Record<string, string>> = {}): Promise<Needs> {
  const root = mkdtempSync(join(tmpdir(), 'needs-'));
  try {
    for (const [path, text] of Object.entries({ ...FILES, ...files, [ENTRY]: source })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { thing } = await readLiveCode(root, { thing: ENTRY });
    assert.ok(thing);
    return readNeeds(thing);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const FILES = {
  'core/env.ts':
    'export const readConfig = (env, shape) => [env, shape]; export const text = () => 1; export const optional = (x) => x;',
  'core/things.ts': `import { GetCommand, PutCommand, QueryCommand, TransactWriteCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
export const get = (client) => client.send(new GetCommand({}));
export const put = (client) => client.send(new PutCommand({}));
export const query = (client) => client.send(new QueryCommand({ IndexName: 'by-name' }));
export const queryAny = (client, name) => client.send(new QueryCommand({ IndexName: name }));
export const scan = (client) => paginateScan({ client }, {});
export const write = (client, TransactItems) => client.send(new TransactWriteCommand({ TransactItems }));
`,
  'core/others.ts': `import { GetCommand } from '@aws-sdk/lib-dynamodb';
export const getOther = (client) => client.send(new GetCommand({}));
`,
};
const from = (names: string, file = 'things') => `import { ${names} } from '../../core/${file}.ts';\n`;
const actionsOf = ({ actions }: Needs) => actions.map(({ action }) => action).sort();

const t = suite('what a bundle needs');

t('is what is called, not what is imported', async () => {
  const needs = await needsOf(`${from('get, put')}export const handler = get;`);
  assert.equal(needs.actions, [{ action: 'dynamodb:GetItem', because: 'GetCommand in core/things.ts' }]);
});

t('holds a command that two files import', async () => {
  const needs = await needsOf(
    `${from('get')}${from('getOther', 'others')}export const handler = [get, getOther];`,
  );
  assert.equal(needs.actions.map(({ because }) => because).sort(), [
    'GetCommand in core/others.ts',
    'GetCommand in core/things.ts',
  ]);
});

t('holds paginators, and the indexes of queries', async () => {
  const needs = await needsOf(`${from('query, scan')}export const handler = [query, scan];`);
  assert.equal(actionsOf(needs), ['dynamodb:Query', 'dynamodb:Scan']);
  assert.equal(needs.indexes, ['by-name']);
  assert.equal(needs.riddles, []);
});

t('holds the rights of the writes in a transaction', async () => {
  const items = '[{ Put: { a: 1 } }, { ConditionCheck: { b: 2 } }]';
  const needs = await needsOf(`${from('write')}export const handler = (client) => write(client, ${items});`);
  assert.equal(actionsOf(needs), ['dynamodb:ConditionCheckItem', 'dynamodb:PutItem']);
});

t('holds what a call needs beside its own action, presigned ones too', async () => {
  const needs = await needsOf(`import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
export const handler = () => getSignedUrl(new S3Client({}), new GetObjectCommand({}), {});`);
  assert.equal(actionsOf(needs), ['s3:GetObject', 's3:ListBucket']);
  assert.equal(needs.riddles, []);
});

t('holds the variables of readConfig, on one line and on many', async () => {
  const shape = `{ a: ['THINGS_TABLE', text()], b: ['LIMIT', optional(text(), { x: 1 })],
    c: ['LAST', text()] }`;
  const needs = await needsOf(
    `${from('readConfig, text, optional', 'env')}export const handler = readConfig(process.env, ${shape}); export const OTHER = ['NOT_READ', 1];`,
  );
  assert.equal(needs.variables, [
    { name: 'THINGS_TABLE', isOptional: false },
    { name: 'LIMIT', isOptional: true },
    { name: 'LAST', isOptional: false },
  ]);
  assert.equal(needs.riddles, []);
});

const RIDDLES: Readonly<Record<string, readonly [source: string, expected: RegExp]>> = {
  'a client with methods': [
    `import { S3 } from '@aws-sdk/client-s3';\nexport const handler = new S3({});`,
    /get-thing\.lambda\.ts uses S3 of @aws-sdk\/client-s3, and this test does not know/,
  ],
  'a service that it does not know': [
    `import { InvokeCommand } from '@aws-sdk/client-lambda';\nexport const handler = new InvokeCommand({});`,
    /uses InvokeCommand of @aws-sdk\/client-lambda/,
  ],
  'an index that is worked out': [
    `${from('queryAny')}export const handler = queryAny;`,
    /queries an index that it works out: IndexName: name/,
  ],
  'a transaction whose items are nowhere to be seen': [
    `${from('write')}export const handler = write;`,
    /uses TransactWriteCommand, and there is no item of it to be seen/,
  ],
  'an environment that is read elsewhere': [
    `export const handler = process.env.SECRET;`,
    /get-thing\.lambda\.ts reads process\.env otherwise than by readConfig/,
  ],
  'an environment that is passed on': [
    `${from('readConfig', 'env')}export const handler = [readConfig(process.env, {}), process.env];`,
    /reads process\.env otherwise/,
  ],
  'a package as a whole': [
    `import * as s3 from '@aws-sdk/client-s3';\nexport const handler = new s3.PutObjectCommand({});`,
    /imports @aws-sdk\/client-s3 otherwise than by name/,
  ],
  'a package that is imported late': [
    `export const handler = async () => (await import('@aws-sdk/client-s3')).PutObjectCommand;`,
    /imports the SDK otherwise than by name/,
  ],
};
for (const [name, [source, expected]] of Object.entries(RIDDLES)) {
  t(`does not guess about ${name}`, async () => {
    const { riddles } = await needsOf(source);
    assert.match(riddles.join('\n'), expected);
  });
}

t.run();
