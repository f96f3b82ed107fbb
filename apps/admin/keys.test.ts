import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findApiKey } from '../../core/aws/keys/find-api-key.ts';
import { recordKeyUse } from '../../core/aws/keys/record-key-use.ts';
import { storeApiKey } from '../../core/aws/keys/store-api-key.ts';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { openTestInstallation, rowsOf, type TestInstallation } from './testing/local-installation.ts';

const DAY_MS = 86_400_000;

let admin: TestInstallation;
const made: string[] = [];
const stored = (apiKey: string) => findApiKey(admin.installation.apiKeys, hashApiKey(apiKey));
const rows = async () => rowsOf(await admin.run('keys', 'list'));
/** The text of a key, from what is printed when it is made. */
async function create(...options: string[]): Promise<string> {
  const apiKey = (await admin.run('keys', 'create', ...options)).split('\n').at(-1) ?? '';
  made.push(apiKey);
  return apiKey;
}

const t = suite('admin keys');
t.before(async () => {
  admin = await openTestInstallation();
  for (const id of ['a', 'b']) await admin.run('projects', 'create', '--id', id, '--name', id);
});
t.after(() => admin.close());

t('are shown once, and stored by their hash alone', async () => {
  const output = await admin.run('keys', 'create', '--project', 'a');
  const [, id = '', apiKey = ''] =
    /^Key ([0-9a-f]{12}) for a; it is shown only now:\n(wc_[\w-]{32})$/.exec(output) ?? [];
  made.push(apiKey);
  assert.is(hashApiKey(apiKey).slice(0, 12), id);
  const key = await stored(apiKey);
  assert.equal(
    [key?.name, key?.projectIds, key?.defaultProjectId, key?.status, key?.expiresAt],
    ['key', ['a'], 'a', 'ACTIVE', undefined],
  );
  assert.not(JSON.stringify(key).includes(apiKey));
});

t('open several projects, the first by default', async () => {
  const both = await stored(await create('--project', 'b', '--project', 'a', '--project', 'b'));
  assert.equal([both?.projectIds, both?.defaultProjectId], [['b', 'a'], 'b']);
  const chosen = await stored(
    await create('--project', 'b', '--project', 'a', '--default-project', 'a', '--name', 'CI'),
  );
  assert.equal([chosen?.defaultProjectId, chosen?.name], ['a', 'CI']);
});

t('expire after so many days', async () => {
  const key = await stored(await create('--project', 'a', '--expires-in-days', '30'));
  const inMs = Date.parse(key?.expiresAt ?? '') - Date.now();
  assert.ok(Math.abs(inMs - 30 * DAY_MS) < 60_000, key?.expiresAt);
});

const REFUSED: readonly [what: string, options: readonly string[], sentence: string | RegExp][] = [
  ['no project', [], '"keys create" needs at least one --project ID'],
  ['a project without a name', ['--project', ''], '"keys create" needs at least one --project ID'],
  ['a project that is not there', ['--project', 'a', '--project', 'z'], 'There is no project z'],
  [
    'a default that it does not open',
    ['--project', 'a', '--default-project', 'b'],
    '--default-project b is not among the --project ids',
  ],
  ['a life of no days', ['--project', 'a', '--expires-in-days', '0'], /from 1 to 3650$/],
  ['a life of too many days', ['--project', 'a', '--expires-in-days', '3651'], /from 1 to 3650$/],
  ['a name that is empty', ['--project', 'a', '--name', ''], /^--name must be/],
];
for (const [what, options, sentence] of REFUSED) {
  t(`are refused with ${what}, and not stored`, async () => {
    assert.match(await admin.refusal('keys', 'create', ...options), sentence);
    assert.is((await rows()).length, made.length);
  });
}

t('are listed in the order in which they were made, without their text', async () => {
  const output = await admin.run('keys', 'list');
  for (const apiKey of made) {
    assert.not(output.includes(apiKey));
    assert.not(output.includes(hashApiKey(apiKey)), 'nor a whole hash');
  }
  const listed = await rows();
  assert.equal(
    listed.map((row) => row['KEY-ID']),
    made.map((apiKey) => hashApiKey(apiKey).slice(0, 12)),
  );
  assert.equal(
    listed.map(({ PROJECTS, DEFAULT, STATE }) => [PROJECTS, DEFAULT, STATE]),
    [
      ['a', 'a', 'ACTIVE'],
      ['b,a', 'b', 'ACTIVE'],
      ['b,a', 'a', 'ACTIVE'],
      ['a', 'a', 'ACTIVE'],
    ],
  );
  assert.is(listed[0]?.EXPIRES, 'never');
});

t('are listed as expired once they are, though nobody has revoked them', async () => {
  const past = new Date(Date.now() - 2 * DAY_MS);
  const expiresAt = new Date(Date.now() - DAY_MS).toISOString();
  const fields = { name: 'old', projectIds: ['a'], defaultProjectId: 'a' };
  await storeApiKey(admin.installation.apiKeys, { apiKey: 'wc_old', ...fields, expiresAt }, past);
  const old = (await rows()).find(({ NAME }) => NAME === 'old');
  assert.equal([old?.STATE, old?.EXPIRES], ['EXPIRED', expiresAt]);
});

t('are revoked by the beginning of their id', async () => {
  const apiKey = made[2] ?? '';
  const id = hashApiKey(apiKey).slice(0, 12);
  assert.is(
    await admin.run('keys', 'revoke', id),
    `Key ${id} (CI) is revoked; the API refuses it within a minute`,
  );
  assert.is((await stored(apiKey))?.status, 'REVOKED');
  const states = (await rows()).map(({ STATE }) => STATE);
  assert.is(states.filter((state) => state === 'REVOKED').length, 1, 'and no other one');
});

t('are not revoked by what can be no id, or is nobody’s, or is of two', async () => {
  for (const id of ['abc', 'ABCDEF', 'zzzzzz', ''])
    assert.match(await admin.refusal('keys', 'revoke', id), 'KEY-ID is the id in "keys list"');
  const unknown = '0'.repeat(64);
  assert.is(await admin.refusal('keys', 'revoke', unknown), `There is no key ${unknown}`);
  const { client, tableName } = admin.installation.apiKeys;
  const Item = { ...(await stored(made[0] ?? '')), name: 'twin' };
  const twins = ['1', '2'].map((last) => `${'e'.repeat(63)}${last}`);
  for (const apiKeyHash of twins)
    await client.send(new PutCommand({ TableName: tableName, Item: { ...Item, apiKeyHash } }));
  assert.is(
    await admin.refusal('keys', 'revoke', 'eeeeee'),
    'More than one key starts with eeeeee: give more of its id',
  );
  assert.match(await admin.run('keys', 'revoke', twins[1] ?? ''), /\(twin\) is revoked/);
});

t('are listed with their last four characters, their last use, and when they were revoked', async () => {
  const [first = '', , revoked = ''] = made;
  const at = new Date();
  const use = { at, unlessAfter: new Date(0), signal: AbortSignal.timeout(10_000) };
  await recordKeyUse(admin.installation.apiKeys, hashApiKey(first), use);
  const listed = await rows();
  const rowOf = (apiKey: string) => listed.find((row) => row['KEY-ID'] === hashApiKey(apiKey).slice(0, 12));
  assert.equal([rowOf(first)?.['LAST-4'], rowOf(first)?.['LAST-USED']], [first.slice(-4), at.toISOString()]);
  assert.equal([rowOf(first)?.REVOKED, rowOf(revoked)?.['LAST-USED']], ['-', '-']);
  assert.ok(Math.abs(Date.parse(rowOf(revoked)?.REVOKED ?? '') - Date.now()) < 60_000);
  const old = listed.find(({ NAME }) => NAME === 'old');
  assert.is(old?.['LAST-4'], '-', 'a short key that somebody chose keeps its characters');
});

t('are revoked once: a second time says when', async () => {
  const id = hashApiKey(made[2] ?? '').slice(0, 12);
  const before = await stored(made[2] ?? '');
  assert.is(await admin.run('keys', 'revoke', id), `Key ${id} (CI) has been revoked at ${before?.revokedAt}`);
  assert.equal(await stored(made[2] ?? ''), before);
});

t('are the same in JSON, without hash or text', async () => {
  const keys = await admin.json('keys', 'list');
  assert.equal(
    keys.map(({ keyId }: { keyId: string }) => keyId),
    (await rows()).map((row) => row['KEY-ID']),
  );
  for (const apiKey of made) {
    assert.not(JSON.stringify(keys).includes(hashApiKey(apiKey)));
    assert.not(JSON.stringify(keys).includes(apiKey));
  }
});

t.run();
