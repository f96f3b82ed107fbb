import { generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rotateKeySet } from '../core/tokens/key-set.ts';
import { signToken } from '../core/tokens/sign-token.ts';
import { type PublicKeys, publicKeysOf, type TokenAudience } from '../core/tokens/tokens.ts';
import { createAuthenticate } from './authenticate.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

const NOW = new Date('2026-01-01T12:00:00Z');
const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const keySet = rotateKeySet(undefined, NOW);
const published = publicKeysOf(keySet);
const tokenOf = (audience: TokenAudience, expiresAt = inSeconds(60)) =>
  signToken(keySet, keySet.current, audience, { sessionId: 's1', projectId: 'p1', expiresAt });

/** Authenticates `token` as one for CDP; `asked` are the keys that it made the router look for. */
function use(keys: PublicKeys | Error = published) {
  const asked: string[] = [];
  const authenticate = createAuthenticate({
    publicKeys: {
      having: async (keyId) => {
        asked.push(keyId);
        if (keys instanceof Error) throw keys;
        return keys;
      },
    },
    now: () => NOW,
  });
  const reject = async (token: string, audience: 'cdp' | 'live' = 'cdp'): Promise<Error> => {
    try {
      await authenticate({ token, audience });
    } catch (error) {
      return error as Error;
    }
    throw new Error(`${token} was taken`);
  };
  return { asked, authenticate, reject };
}

const authentication = suite('createAuthenticate');

authentication('says whom a token is for, and nothing else of it', async () => {
  const { authenticate, asked } = use();
  assert.equal(await authenticate({ token: tokenOf('cdp'), audience: 'cdp' }), {
    sessionId: 's1',
    projectId: 'p1',
  });
  assert.equal(asked, [keySet.current]);
  assert.ok(await authenticate({ token: tokenOf('live'), audience: 'live' }));
});

authentication('takes a token until the second in which it expires', async () => {
  const { authenticate, reject } = use();
  assert.ok(await authenticate({ token: tokenOf('cdp', inSeconds(1)), audience: 'cdp' }));
  assert.is((await reject(tokenOf('cdp', inSeconds(0)))).message, REFUSALS.badToken.message);
});

authentication('refuses a token for something else, whatever it opens there', async () => {
  const { reject } = use();
  for (const [audience, asked] of [
    ['live', 'cdp'],
    ['cdp', 'live'],
    ['controller', 'cdp'],
    ['controller', 'live'],
  ] as const) {
    const error = await reject(tokenOf(audience), asked);
    assert.instance(error, RefusedError);
    assert.match((error.cause as Error).message, 'wrong audience', `${audience} for ${asked}`);
  }
});

authentication('reads no key for what is no token, or names none', async () => {
  const { asked, reject } = use();
  const nameless = jwt.sign({ sub: 's1', prj: 'p1' }, 'x'.repeat(32), { algorithm: 'HS256' });
  for (const token of ['', '.', '..', 'a.b.c', 'x'.repeat(100_000), `${tokenOf('cdp')}.more`, nameless]) {
    const error = await reject(token);
    assert.is((error as RefusedError).refusal, REFUSALS.badToken, token.slice(0, 40));
  }
  assert.equal(asked, []);
});

authentication('refuses what is signed by another key, by another algorithm or by nobody', async () => {
  const { reject } = use();
  const claims = { sub: 's1', prj: 'p1' };
  const options = { keyid: keySet.current, audience: 'cdp', issuer: 'wallcrawler', expiresIn: 60 };
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const forged = jwt.sign(claims, privateKey, { ...options, algorithm: 'ES256' });
  // The public key is no secret: a verifier that takes the token's word for the algorithm would take this.
  const confused = jwt.sign(claims, Buffer.from(published[keySet.current] ?? ''), {
    ...options,
    algorithm: 'HS256',
    allowInvalidAsymmetricKeyTypes: true,
  });
  const unsigned = jwt.sign(claims, '', { ...options, algorithm: 'none' });
  const [header, , signature] = tokenOf('cdp').split('.');
  const other = Buffer.from(JSON.stringify({ ...claims, sub: 's2', exp: 9_999_999_999 })).toString(
    'base64url',
  );
  for (const token of [forged, confused, unsigned, `${header}.${other}.${signature}`]) {
    assert.is(((await reject(token)) as RefusedError).refusal, REFUSALS.badToken, token);
  }
});

authentication('refuses a key by a name that every object has', async () => {
  const { reject } = use();
  for (const keyid of ['constructor', '__proto__', 'toString']) {
    const error = await reject(jwt.sign({}, 'x'.repeat(32), { algorithm: 'HS256', keyid }));
    assert.match((error.cause as Error).message, 'unknown key', keyid);
  }
});

authentication('never holds the token in what it throws', async () => {
  const { reject } = use();
  const token = tokenOf('live');
  const error = await reject(token);
  const told = `${error.message} ${(error.cause as Error).message} ${JSON.stringify(error)}`;
  assert.not.match(told, token.slice(-30));
});

authentication('passes on what is no fault of the token', async () => {
  const { reject } = use(new Error('no table'));
  const error = await reject(tokenOf('cdp'));
  assert.not.instance(error, RefusedError);
  assert.is(error.message, 'no table');
});

authentication.run();
