import { generateKeyPairSync } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseClaimKey } from './claim-key.ts';

const { publicKey, privateKey } = generateKeyPairSync('x25519');
const jwk = publicKey.export({ format: 'jwk' });

const keys = suite('a key that claims are sealed to');

keys('is a public X25519 key, and is stored as nothing but that', () => {
  const stored = JSON.parse(parseClaimKey(JSON.stringify({ ...jwk, use: 'enc' })) ?? '');
  assert.equal(Object.keys(stored), ['kty', 'crv', 'x']);
  assert.is(stored.x, jwk.x);
});

keys('loses its private half', () => {
  const text = JSON.stringify(privateKey.export({ format: 'jwk' }));
  assert.match(text, '"d"');
  assert.not.match(parseClaimKey(text) ?? '', '"d"');
});

keys('is nothing else', () => {
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  for (const other of [
    p256,
    ed25519,
    { ...jwk, x: '' },
    { ...jwk, x: `${jwk.x}A` },
    { ...jwk, x: 1 },
    [],
    null,
  ])
    assert.is(parseClaimKey(JSON.stringify(other)), undefined);
  assert.is(parseClaimKey('no JSON'), undefined);
});

keys.run();
