import { Webhook as Verifier } from 'standardwebhooks';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newSecret, rotateSecrets } from '../domain/webhook-secret.ts';
import { signMessage } from './sign-message.ts';

const AT = new Date();
const ONE = newSecret(Buffer.alloc(32, 1), AT);
const OTHER = newSecret(Buffer.alloc(32, 2), AT);
const MESSAGE = { messageId: 'm1', body: '{"type":"session.ended","text":"ü €"}' };

const signing = suite('the signature of a webhook');

signing('is what the verifiers of Standard Webhooks take', () => {
  const headers = signMessage(MESSAGE, [ONE], AT);
  assert.equal(new Verifier(ONE.secret).verify(MESSAGE.body, headers), JSON.parse(MESSAGE.body));
  assert.is(headers['webhook-signature'], new Verifier(ONE.secret).sign('m1', AT, MESSAGE.body));
});

signing('is of the body, the id and the time, and by the secret', () => {
  const headers = signMessage(MESSAGE, [ONE], AT);
  const refused = (secret: string, body: string, given: Record<string, string>) =>
    assert.throws(() => new Verifier(secret).verify(body, given), /No matching signature found/);
  refused(ONE.secret, `${MESSAGE.body} `, headers);
  refused(ONE.secret, MESSAGE.body, { ...headers, 'webhook-id': 'm2' });
  refused(ONE.secret, MESSAGE.body, {
    ...headers,
    'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 1),
  });
  refused(OTHER.secret, MESSAGE.body, headers);
});

signing('is by the old secret too, so that a receiver may have either', () => {
  const headers = signMessage(MESSAGE, rotateSecrets([ONE], OTHER, 60), AT);
  for (const { secret } of [ONE, OTHER]) new Verifier(secret).verify(MESSAGE.body, headers);
  assert.is(headers['webhook-signature'].split(' ').length, 2);
});

signing.run();
