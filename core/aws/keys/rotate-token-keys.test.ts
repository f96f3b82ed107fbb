import { ResourceNotFoundException, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseKeySet, rotateKeySet } from '../../tokens/key-set.ts';
import { publicKeysOf } from '../../tokens/tokens.ts';
import { type Answers, createFakeClient, createFakeTable, failureOf } from '../testing/fake-client.ts';
import { getPublicKeys } from './get-public-keys.ts';
import { readTokenKeys } from './read-token-keys.ts';
import { rotateTokenKeys } from './rotate-token-keys.ts';

const NOW = new Date('2026-06-01T00:00:00.000Z');
const missing = new ResourceNotFoundException({ message: 'no such secret', $metadata: {} });
const before = rotateKeySet(undefined, NOW);

function storesThat(secretAnswers: Answers, tableAnswers: Answers = [{}]) {
  const { client: secrets, sent } = createFakeClient<SecretsManagerClient>(secretAnswers);
  const publicKeys = createFakeTable(tableAnswers, 'public-keys');
  return { secrets, secretId: 'token-keys', publicKeys, sent };
}

const rotation = suite('rotateTokenKeys');

rotation('publishes the public halves of old and new keys, then stores the set that signs', async () => {
  const stores = storesThat([{ SecretString: JSON.stringify(before) }, {}]);
  const current = await rotateTokenKeys(stores, NOW);
  const stored = parseKeySet(stores.sent[1]?.input.SecretString);
  assert.is(stored.current, current);
  assert.equal(Object.keys(stored.keys).sort(), [before.current, current].sort());
  const { Item } = stores.publicKeys.sent[0]?.input ?? {};
  assert.equal(Item, { keySet: 'tokens', publicKeys: publicKeysOf(stored), updatedAt: NOW.toISOString() });
  assert.not.match(JSON.stringify(Item), 'PRIVATE KEY');
});

rotation('signs with nothing that could not be published', async () => {
  const stores = storesThat([{ SecretString: JSON.stringify(before) }], [new Error('no table')]);
  assert.is((await failureOf(rotateTokenKeys(stores, NOW))).message, 'no table');
  assert.equal(
    stores.sent.map(({ name }) => name),
    ['GetSecretValueCommand'],
  );
});

rotation('drops every earlier key when it is asked to, without a look at them', async () => {
  const stores = storesThat([{}]);
  const current = await rotateTokenKeys(stores, NOW, { dropEarlier: true });
  assert.is(stores.sent.length, 1);
  assert.equal(Object.keys(parseKeySet(stores.sent[0]?.input.SecretString).keys), [current]);
});

rotation('makes the first version, and the secret where there is none', async () => {
  const stores = storesThat([missing, missing, {}]);
  await rotateTokenKeys(stores, NOW);
  const create = stores.sent.at(-1);
  assert.equal([create?.name, create?.input.Name], ['CreateSecretCommand', 'token-keys']);
  assert.is(Object.keys(parseKeySet(create?.input.SecretString).keys).length, 1);
});

rotation('hands on a failure to store', async () => {
  const stores = storesThat([{ SecretString: JSON.stringify(before) }, new Error('denied')]);
  assert.is((await failureOf(rotateTokenKeys(stores, NOW))).message, 'denied');
});

rotation.run();

// ---

const reading = suite('reads of the keys');

reading('give none before the first rotation', async () => {
  const { client } = createFakeClient<SecretsManagerClient>([missing]);
  assert.is(await readTokenKeys(client, 'token-keys'), undefined);
  assert.equal(await getPublicKeys(createFakeTable([{}])), {});
});

reading('give what is stored, and a failure is one', async () => {
  const { client } = createFakeClient<SecretsManagerClient>([
    { SecretString: JSON.stringify(before) },
    new Error('denied'),
  ]);
  assert.equal(await readTokenKeys(client, 'token-keys'), before);
  assert.is((await failureOf(readTokenKeys(client, 'token-keys'))).message, 'denied');
});

reading('of the public ones are consistent, and of one item', async () => {
  const table = createFakeTable([{ Item: { publicKeys: { a: 'A' } } }], 'public-keys');
  assert.equal(await getPublicKeys(table), { a: 'A' });
  const wanted = { TableName: 'public-keys', Key: { keySet: 'tokens' }, ConsistentRead: true };
  assert.equal(table.sent[0]?.input, wanted);
});

reading.run();
