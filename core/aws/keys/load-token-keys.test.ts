import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CREDENTIALS } from '../../domain/timing.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { rotateKeySet } from '../../tokens/key-set.ts';
import { type Answers, createFakeClient, failureOf } from '../testing/fake-client.ts';
import { createTokenKeyLoader, TokenKeysUnreadableError } from './load-token-keys.ts';

const first = rotateKeySet(undefined, new Date(0));
const second = rotateKeySet(first, new Date(1));
const secretOf = (keySet: object) => ({ SecretString: JSON.stringify(keySet) });

function loaderThatReads(answers: Answers) {
  const { client, sent } = createFakeClient<SecretsManagerClient>(answers);
  const clock = createManualClock(1_000_000);
  const warnings: string[] = [];
  const logger = { warn: (message: string) => void warnings.push(message) };
  return { load: createTokenKeyLoader(client, 'token-keys', clock, logger), clock, sent, warnings };
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
  const failure = await failureOf(load());
  assert.instance(failure, TokenKeysUnreadableError);
  assert.is((failure as TokenKeysUnreadableError).reason, 'Error');
  assert.equal(await load(), first);
});

const { keyCacheMs, keyRetryMs, staleKeysMs } = CREDENTIALS;

loads('that cannot be read again are those from before, for a while, and it is said', async () => {
  const down = () => new Error('throttled');
  const { load, clock, sent, warnings } = loaderThatReads([
    secretOf(first),
    down(),
    down(),
    down(),
    secretOf(second),
  ]);
  await load();
  clock.advance(keyCacheMs);
  assert.equal(await Promise.all([load(), load()]), [first, first], 'who asks at once shares a try');
  clock.advance(keyRetryMs - 1);
  assert.equal(await load(), first);
  assert.equal([sent.length, warnings.length], [2, 1], 'nobody is kept waiting by each try');
  clock.advance(1);
  assert.equal(await load(), first);
  assert.equal([sent.length, warnings.length], [3, 2]);
  clock.advance(staleKeysMs - keyCacheMs - keyRetryMs);
  assert.instance(await failureOf(load()), TokenKeysUnreadableError, 'a leaked key is not good for ever');
  assert.equal(await load(), second);
});

loads('that are no keys are a fault which does not show them', async () => {
  const { load } = loaderThatReads([{ SecretString: '{"current":"secret-text"}' }]);
  const { message, cause } = await failureOf(load());
  assert.match((cause as Error).message, 'token-key secret');
  for (const text of [message, (cause as Error).message]) assert.not.match(text, 'secret-text');
});

loads('are no keys as long as the secret has no text', async () => {
  const { load } = loaderThatReads([{}]);
  assert.match(((await failureOf(load())).cause as Error).message, 'is not JSON');
});

loads.run();
