import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hashApiKey } from '../../tokens/api-key-text.ts';
import { conditionFailed, createFakeTable } from '../testing/fake-client.ts';
import { findApiKey } from './find-api-key.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { storeApiKey } from './store-api-key.ts';

const NOW = new Date('2026-06-01T00:00:00.000Z');
const TEXT = 'wc_some-secret-text';
const apiKeyHash = hashApiKey(TEXT);
const fields = { name: 'ci', projectIds: ['p1', 'p2'], defaultProjectId: 'p1' };

const keys = suite('API keys');

keys('are stored by their hash, and their text nowhere', async () => {
  const apiKeys = createFakeTable([{}], 'api-keys');
  const stored = await storeApiKey(apiKeys, { apiKey: TEXT, ...fields }, NOW);
  assert.equal(stored, { ...fields, apiKeyHash, status: 'ACTIVE', createdAt: NOW.toISOString() });
  const { input } = apiKeys.sent[0] ?? {};
  assert.equal([input.TableName, input.Item], ['api-keys', stored]);
  assert.not.match(JSON.stringify(input), TEXT);
});

keys('keep when they expire', async () => {
  const expiresAt = '2026-07-01T00:00:00.000Z';
  const stored = await storeApiKey(createFakeTable([{}]), { apiKey: TEXT, ...fields, expiresAt }, NOW);
  assert.is(stored.expiresAt, expiresAt);
});

keys('are found by their hash', async () => {
  const apiKeys = createFakeTable([{ Item: { apiKeyHash } }, {}], 'api-keys');
  assert.equal(await findApiKey(apiKeys, apiKeyHash), { apiKeyHash });
  assert.is(await findApiKey(apiKeys, 'other'), undefined);
  assert.equal(apiKeys.sent[0]?.input, { TableName: 'api-keys', Key: { apiKeyHash } });
});

keys('are revoked where they exist, and not made by it where they do not', async () => {
  const apiKeys = createFakeTable([{ Attributes: { apiKeyHash, status: 'REVOKED' } }, conditionFailed()]);
  assert.is((await revokeApiKey(apiKeys, apiKeyHash, NOW)).applied, true);
  assert.equal(await revokeApiKey(apiKeys, 'other', NOW), { applied: false, item: undefined });
  const { input } = apiKeys.sent[0] ?? {};
  assert.is(input.ConditionExpression, 'attribute_exists(#apiKeyHash) AND #status IN (:statusIs0)');
  assert.equal(input.ExpressionAttributeValues, {
    ':status': 'REVOKED',
    ':revokedAt': NOW.toISOString(),
    ':statusIs0': 'ACTIVE',
  });
});

keys.run();
