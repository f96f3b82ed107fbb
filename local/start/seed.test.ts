import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findApiKey } from '../../core/aws/keys/find-api-key.ts';
import { getPublicKeys } from '../../core/aws/keys/get-public-keys.ts';
import { publishPublicKeys } from '../../core/aws/keys/publish-public-keys.ts';
import { readTokenKeys } from '../../core/aws/keys/read-token-keys.ts';
import { revokeApiKey } from '../../core/aws/keys/revoke-api-key.ts';
import { rotateTokenKeys } from '../../core/aws/keys/rotate-token-keys.ts';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import { startTestAws } from '../aws/testing/start-test-aws.ts';
import { seed } from './seed.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'seed-'));
const aws = await startTestAws(dataDir);
const { infrastructure } = aws;
const { tables } = infrastructure;
const secretId = infrastructure.secrets.tokenKeys.name;
const settings = { endpoint: aws.endpoint, credentials: aws.credentials, region: infrastructure.region };
const client = DynamoDBDocumentClient.from(new DynamoDBClient(settings));
const secrets = new SecretsManagerClient(settings);
const apiKeys = { client, tableName: tables.apiKeys.name };
const projects = { client, tableName: tables.projects.name };
const publicKeys = { client, tableName: tables.publicKeys.name };
const FIRST = new Date('2026-01-01T00:00:00Z');
const seedNow = (apiKey: string, now = FIRST) => seed({ ...aws, apiKey, now });

const t = suite('seed');
t.after(async () => {
  client.destroy();
  secrets.destroy();
  await aws.close();
  rmSync(dataDir, { recursive: true, force: true });
});

t('makes the project, its key and the token keys at the first start', async () => {
  await seedNow('wc_first_key');
  const project = await getProject(projects, 'local');
  assert.equal([project?.name, project?.concurrency, project?.defaultTimeoutSeconds], ['local', 25, 3600]);
  const key = await findApiKey(apiKeys, hashApiKey('wc_first_key'));
  assert.equal(key?.projectIds, ['local']);
  assert.not.match(JSON.stringify(key), 'wc_first_key');
});

t('leaves alone at later starts what is there', async () => {
  const keysBefore = await readTokenKeys(secrets, secretId);
  assert.equal(await seedNow('wc_first_key', new Date()), { apiKey: 'wc_first_key', isDead: false });
  assert.is((await findApiKey(apiKeys, hashApiKey('wc_first_key')))?.createdAt, FIRST.toISOString());
  assert.equal(await readTokenKeys(secrets, secretId), keysBefore);
});

t('publishes the public halves of the token keys, and nothing else of them', async () => {
  const keySet = await readTokenKeys(secrets, secretId);
  const published = await getPublicKeys(publicKeys);
  if (keySet === undefined) throw new Error('there are no keys');
  assert.equal(published, publicKeysOf(keySet));
  assert.not.match(JSON.stringify(published), 'PRIVATE');
});

t('a rotation publishes the new key beside the one before it', async () => {
  const before = Object.keys(await getPublicKeys(publicKeys));
  const stores = { secrets, secretId, publicKeys };
  const current = await rotateTokenKeys(stores, new Date());
  assert.equal(Object.keys(await getPublicKeys(publicKeys)).sort(), [...before, current].sort());
});

t('a rotation can leave no other key, when one has leaked', async () => {
  const stores = { secrets, secretId, publicKeys };
  const current = await rotateTokenKeys(stores, new Date(), { dropEarlier: true });
  assert.equal(Object.keys(await getPublicKeys(publicKeys)), [current]);
  const keySet = await readTokenKeys(secrets, secretId);
  assert.equal(Object.keys(keySet?.keys ?? {}), [current]);
});

t('an installation from before the keys were published gets them', async () => {
  const before = await getPublicKeys(publicKeys);
  await publishPublicKeys(publicKeys, {}, new Date());
  await seedNow('wc_first_key');
  assert.equal(await getPublicKeys(publicKeys), before);
});

t('adds a key that is new', async () => {
  await seedNow('wc_second_key');
  assert.is((await findApiKey(apiKeys, hashApiKey('wc_second_key')))?.status, 'ACTIVE');
});

t(
  'puts another key in the place of one that was revoked, where it may, and says so where it may not',
  async () => {
    await revokeApiKey(apiKeys, hashApiKey('wc_first_key'), FIRST);
    assert.equal(await seedNow('wc_first_key'), { apiKey: 'wc_first_key', isDead: true });
    const replacing = { ...aws, apiKey: 'wc_first_key', replaceApiKey: () => 'wc_third_key', now: FIRST };
    assert.equal(await seed(replacing), { apiKey: 'wc_third_key', isDead: false });
    assert.is((await findApiKey(apiKeys, hashApiKey('wc_third_key')))?.status, 'ACTIVE');
    assert.is(
      (await findApiKey(apiKeys, hashApiKey('wc_first_key')))?.status,
      'REVOKED',
      'and not opened again',
    );
  },
);

t.run();
