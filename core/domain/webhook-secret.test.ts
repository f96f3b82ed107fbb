import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keyOfSecret, newSecret, rotateSecrets, validSecrets } from './webhook-secret.ts';

const START = new Date('2026-06-01T00:00:00Z');
const later = (seconds: number) => new Date(START.getTime() + seconds * 1_000);
const secret = (number: number, at = START) => newSecret(Buffer.alloc(32, number), at);
const namesOf = (secrets: readonly { readonly secret: string }[]) =>
  secrets.map((each) => keyOfSecret(each)[0]);

const secrets = suite('the secrets of a webhook');

secrets('are written as the specification has it', () => {
  assert.match(secret(7).secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.equal(keyOfSecret(secret(7)), Buffer.alloc(32, 7));
});

secrets('go on beside a new one until their time is over', () => {
  const rotated = rotateSecrets([secret(1)], secret(2, later(0)), 60);
  assert.equal(namesOf(validSecrets(rotated, later(59))), [2, 1]);
  assert.equal(namesOf(validSecrets(rotated, later(60))), [2]);
});

secrets('are gone at once where there is no overlap, older ones too', () => {
  const rotated = rotateSecrets([secret(1)], secret(2), 3_600);
  assert.equal(namesOf(rotateSecrets(rotated, secret(3), 0)), [3]);
});

secrets('are not valid for longer because of another rotation, and may be for less long', () => {
  const rotated = rotateSecrets([secret(1)], secret(2), 100);
  const longer = rotateSecrets(rotated, secret(3, later(50)), 1_000);
  assert.equal(namesOf(validSecrets(longer, later(99))), [3, 2, 1]);
  assert.equal(namesOf(validSecrets(longer, later(100))), [3, 2]);
  const shorter = rotateSecrets(rotated, secret(3, later(50)), 10);
  assert.equal(namesOf(validSecrets(shorter, later(60))), [3]);
});

secrets('are a few at most', () => {
  let all = rotateSecrets([secret(1)], secret(2), 3_600);
  for (const number of [3, 4, 5, 6]) all = rotateSecrets(all, secret(number), 3_600);
  assert.equal(namesOf(all), [6, 5, 4, 3]);
});

secrets.run();
