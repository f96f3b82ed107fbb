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
  'core/things.ts': `import { BatchGetCommand, GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
export const get = (things) => things.client.send(new GetCommand({ TableName: things.tableName }));
export const getMany = (things) => things.client.send(new BatchGetCommand({ RequestItems: { [things.tableName]: {} } }));
export const put = (things) => things.client.send(new PutCommand({ TableName: things.tableName }));
export const query = (things) => things.client.send(new QueryCommand({ TableName: things.tableName, IndexName: 'by-name' }));
export const queryAny = (things, name) => things.client.send(new QueryCommand({ TableName: things.tableName, IndexName: name }));
export const scan = (things) => paginateScan({ client: things.client }, { TableName: things.tableName });
export const scanAny = ({ client, tableName }) => paginateScan({ client }, { TableName: tableName });
export const write = (client, TransactItems) => client.send(new TransactWriteCommand({ TransactItems }));
export const update = (table) => table.client.send(new UpdateCommand({ TableName: table.tableName }));
export const touchThing = (things, key) => update(things, key);
`,
  'core/others.ts': `import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { update } from './things.ts';
export const getOther = (others) => others.client.send(new GetCommand({ TableName: others.tableName }));
export const getBoth = (things, others) => others.client.send(new GetCommand({ TableName: others.tableName }), things.tableName);
export const touchMyOther = (myOthers) => update(myOthers);
`,
};
const from = (names: string, file = 'things') => `import { ${names} } from '../../core/${file}.ts';\n`;
const actionsOf = ({ actions }: Needs) =>
  actions.map(({ action, on }) => (on === undefined ? action : `${action} on ${on}`)).sort();

const t = suite('what a bundle needs');

t('is what is called, not what is imported', async () => {
  const needs = await needsOf(`${from('get, put')}export const handler = get;`);
  assert.equal(needs.actions, [
    { action: 'dynamodb:GetItem', on: 'THINGS_TABLE', because: 'GetCommand in core/things.ts' },
  ]);
});

t('holds a command that two files import', async () => {
  const needs = await needsOf(
    `${from('get')}${from('getOther', 'others')}export const handler = [get, getOther];`,
  );
  assert.equal(needs.actions.map(({ on, because }) => `${on}: ${because}`).sort(), [
    'OTHERS_TABLE: GetCommand in core/others.ts',
    'THINGS_TABLE: GetCommand in core/things.ts',
  ]);
});

t('holds paginators, and the indexes of queries', async () => {
  const needs = await needsOf(`${from('query, scan')}export const handler = [query, scan];`);
  assert.equal(actionsOf(needs), [
    'dynamodb:Query on THINGS_TABLE/index/by-name',
    'dynamodb:Scan on THINGS_TABLE',
  ]);
  assert.equal(needs.riddles, []);
});

t('holds the rights of the writes in a transaction', async () => {
  const items =
    '[{ Put: { TableName: things.tableName } }, { ConditionCheck: { TableName: others.tableName } }]';
  const needs = await needsOf(
    `${from('write')}export const handler = (things, others) => write(things.client, ${items});`,
  );
  assert.equal(actionsOf(needs), [
    'dynamodb:ConditionCheckItem on OTHERS_TABLE',
    'dynamodb:PutItem on THINGS_TABLE',
  ]);
});

t('tells the table of a batch', async () => {
  const needs = await needsOf(`${from('getMany')}export const handler = getMany;`);
  assert.equal(actionsOf(needs), ['dynamodb:BatchGetItem on THINGS_TABLE']);
});

t('follows code for any table to who calls it', async () => {
  const needs = await needsOf(
    `${from('touchThing')}${from('touchMyOther', 'others')}export const handler = [touchThing, touchMyOther];`,
  );
  assert.equal(actionsOf(needs), [
    'dynamodb:UpdateItem on MY_OTHERS_TABLE',
    'dynamodb:UpdateItem on THINGS_TABLE',
  ]);
  assert.equal(needs.riddles, []);
});

t('knows a table by its name, from its variable to its calls', async () => {
  const entry = (
    names: string,
  ) => `${from('get')}${from('getBoth', 'others')}${from('readConfig, text', 'env')}
const config = readConfig(process.env, { thingsTable: ['THINGS_TABLE', text()], othersTable: ['OTHERS_TABLE', text()] });
const client = {};
const things = { client, tableName: config.thingsTable };
const others = { client, tableName: config.othersTable };
export const handler = () => [get(things), getBoth(${names})];`;
  assert.equal((await needsOf(entry('things, others'))).riddles, []);
  assert.equal((await needsOf(entry('others, things'))).riddles, [
    'getBoth takes things, others and is given others, things',
  ]);
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
  'a command that is chosen': [
    `import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
export const handler = (things, isNew) => {
  const Chosen = isNew ? PutCommand : GetCommand;
  return things.client.send(new Chosen({ TableName: things.tableName }));
};`,
    /uses GetCommand otherwise than by a call/,
  ],
  'a table that nobody names': [
    `${from('scanAny')}export const handler = scanAny;`,
    /paginateScan in core\/things\.ts: its table is not to be seen/,
  ],
  'a table under another name': [
    `${from('get')}${from('readConfig, text', 'env')}const config = readConfig(process.env, { others: ['OTHERS_TABLE', text()] });
const client = {};
const things = { client, tableName: config.others };
export const handler = () => get(things);`,
    /calls the table of others things/,
  ],
  'a table that is made by the way': [
    `${from('get')}export const handler = (client) => get({ client, tableName: 'x' });`,
    /get-thing\.lambda\.ts makes a table otherwise than as name = /,
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
