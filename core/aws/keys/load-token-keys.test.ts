import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CREDENTIALS } from '../../domain/timing.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { rotateKeySet } from '../../tokens/key-set.ts';
import { type Answers, createFakeClient, failureOf } from '../testing/fake-client.ts';
import { createTokenKeyLoader } from './load-token-keys.ts';

const first = rotateKeySet(undefined, new Date(0));
const second = rotateKeySet(first, new Date(1));
const secretOf = (keySet: object) => ({ SecretString: JSON.stringify(keySet) });

function loaderThatReads(answers: Answers) {
  const { client, sent } = createFakeClient<SecretsManagerClient>(answers);
  const clock = createManualClock(1_000_000);
  return { load: createTokenKeyLoader(client, 'token-keys', clock), clock, sent };
}

const loads = suite('token keys');

loads('are read once for many who ask at once', async () => {
  const { load, sent } = loaderThatReads([secretOf(first)]);
  assert.equal(await Promise.all([load(), load()]), [first, first]);
  assert.equal(sent, [{ name: 'GetSecretValueCommand', input: { SecretId: 'token-keys' } }]);
});

loads('are read again when a rotation must be seen, not before', async () => {
  const { load, clock, sent } = loaderThatReads([secretOf(first), secretOf(second)]);
  await load();
  clock.advance(CREDENTIALS.keyCacheMs - 1);
  assert.is((await load()).current, first.current);
  clock.advance(1);
  assert.is((await load()).current, second.current);
  assert.is(sent.length, 2);
});

loads('that could not be read are read for the next who asks', async () => {
  const { load } = loaderThatReads([new Error('throttled'), secretOf(first)]);
  assert.is((await failureOf(load())).message, 'throttled');
  assert.equal(await load(), first);
});

loads('that are no keys are a fault which does not show them', async () => {
  const { load } = loaderThatReads([{ SecretString: '{"current":"secret-text"}' }]);
  const { message } = await failureOf(load());
  assert.match(message, 'token-key secret');
  assert.not.match(message, 'secret-text');
});

loads('are no keys as long as the secret has no text', async () => {
  const { load } = loaderThatReads([{}]);
  assert.match((await failureOf(load())).message, 'is not JSON');
});

loads.run();
