import jwt from 'jsonwebtoken';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CREDENTIALS, SESSION_TIMEOUT } from '../domain/timing.ts';
import { canSignUntil, MAX_KEYS, parseKeySet, rotateKeySet, TooManyKeysError } from './key-set.ts';
import { signToken } from './sign-token.ts';
import { publicKeysOf, TokenError, type TokenFault } from './tokens.ts';
import { keyIdOf, verifyToken } from './verify-token.ts';

const START = new Date('2026-01-01T00:00:00Z');
const keySet = rotateKeySet(undefined, START);
const publicKeys = publicKeysOf(keySet);
const expiresAt = new Date(START.getTime() + 60_000);
const claims = { sessionId: 's-1', projectId: 'p-1', expiresAt };
const token = signToken(keySet, keySet.current, 'cdp', claims);

const refuses = (fault: TokenFault, run: () => unknown) =>
  assert.throws(run, (error: unknown) => error instanceof TokenError && error.fault === fault);

const tokens = suite('tokens');

tokens('give back what was signed', () => {
  const read = verifyToken(publicKeys, token, { audience: 'cdp', sessionId: 's-1', now: START });
  assert.is(read.sessionId, 's-1');
  assert.is(read.projectId, 'p-1');
  assert.ok(Math.abs(read.expiresAt.getTime() - expiresAt.getTime()) <= 1000);
});

tokens('are bound to their audience, their session and their time', () => {
  refuses('wrong audience', () =>
    verifyToken(publicKeys, token, { audience: 'live', sessionId: 's-1', now: START }),
  );
  refuses('wrong session', () =>
    verifyToken(publicKeys, token, { audience: 'cdp', sessionId: 's-2', now: START }),
  );
  const now = new Date(expiresAt.getTime() + 2000);
  refuses('expired', () => verifyToken(publicKeys, token, { audience: 'cdp', sessionId: 's-1', now }));
});

tokens('are refused when altered, foreign, unsigned or signed with another algorithm', () => {
  const [head, body, signature] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ ...JSON.parse(atob(body ?? '')), sub: 's-2' })).toString(
    'base64url',
  );
  refuses('bad signature', () =>
    verifyToken(publicKeys, `${head}.${forged}.${signature}`, { audience: 'cdp', now: START }),
  );
  const other = rotateKeySet(undefined, START);
  refuses('unknown key', () => verifyToken(publicKeysOf(other), token, { audience: 'cdp', now: START }));
  const unsigned = jwt.sign({ prj: 'p-1' }, '', { algorithm: 'none', keyid: keySet.current });
  assert.throws(() => verifyToken(publicKeys, unsigned, { audience: 'cdp', now: START }), /not accepted/);
  // The classic confusion: an HMAC "signed" with the public key as its secret.
  const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: keySet.current })).toString('base64url');
  assert.throws(
    () => verifyToken(publicKeys, `${header}.${body}.${signature}`, { audience: 'cdp', now: START }),
    /not accepted/,
  );
  const part = (text: string) => Buffer.from(text).toString('base64url');
  const notJson = `${part('{"alg":"ES256","typ":"JWT"}')}.${part('not json')}.${signature}`;
  for (const junk of ['', 'a.b.c', 'x'.repeat(5000), notJson]) {
    refuses('malformed', () => verifyToken(publicKeys, junk, { audience: 'cdp', now: START }));
  }
});

tokens('say which key signed them, before anything is verified', () => {
  assert.is(keyIdOf(token), keySet.current);
  assert.is(keyIdOf(jwt.sign({}, 'x')), '');
  refuses('malformed', () => keyIdOf('a.b.c'));
});

tokens('never stand in the error', () => {
  try {
    verifyToken(publicKeys, token, { audience: 'live', now: START });
    assert.unreachable();
  } catch (error) {
    assert.not.match(String((error as Error).stack), token.split('.')[2] ?? '-');
  }
});

tokens.run();

// ---

const keys = suite('rotateKeySet');

const at = (hours: number) => new Date(Date.UTC(2026, 0, 1, hours));

keys('keeps every key until the last token that it may have signed has expired', () => {
  const second = rotateKeySet(keySet, at(0));
  const third = rotateKeySet(second, at(0));
  assert.ok(verifyToken(publicKeysOf(third), token, { audience: 'cdp', now: START }));
  const later = signToken(third, keySet.current, 'live', claims);
  assert.ok(verifyToken(publicKeysOf(third), later, { audience: 'live', now: START }), 'and it still signs');
  const longestMs = SESSION_TIMEOUT.maxSeconds * 1000 + 15 * 60_000;
  assert.ok(CREDENTIALS.retiredKeyMs > longestMs);
  const fourth = rotateKeySet(third, new Date(at(0).getTime() + longestMs));
  assert.ok(verifyToken(publicKeysOf(fourth), token, { audience: 'cdp', now: START }));
});

keys('says of a key whether it outlives a session that begins with it now', () => {
  const rotated = rotateKeySet(keySet, at(0));
  const gone = new Date(at(0).getTime() + CREDENTIALS.retiredKeyMs);
  assert.ok(canSignUntil(rotated, rotated.current, at(10_000)), 'the current one has no end yet');
  assert.ok(canSignUntil(rotated, keySet.current, gone));
  assert.not(canSignUntil(rotated, keySet.current, new Date(gone.getTime() + 1)));
  for (const name of ['none', 'toString', '__proto__']) assert.not(canSignUntil(rotated, name, at(0)));
});

keys('drops a key whose tokens have all expired, counted from when it was replaced', () => {
  const second = rotateKeySet(keySet, at(0));
  const third = rotateKeySet(second, at(7));
  refuses('unknown key', () => verifyToken(publicKeysOf(third), token, { audience: 'cdp', now: START }));
  assert.equal(Object.keys(third.keys).sort(), [second.current, third.current].sort());
});

keys('are bounded: no more are made than travel with a container, and none is dropped for it', () => {
  let set = rotateKeySet(undefined, at(0));
  for (let made = 1; made <= MAX_KEYS - 1; made++) set = rotateKeySet(set, at(0));
  assert.throws(
    () => rotateKeySet(set, at(1)),
    (error: unknown) =>
      error instanceof TooManyKeysError && error.message.endsWith('can be made at 2026-01-01T07:00:00.000Z'),
  );
  assert.ok(JSON.stringify(JSON.stringify(publicKeysOf(set))).length < 4096);
  assert.is(Object.keys(rotateKeySet(set, at(7)).keys).length, 2);
});

keys('survives its way through the secret, and a broken secret is named, not shown', () => {
  assert.equal(parseKeySet(JSON.stringify(keySet)), keySet);
  for (const bad of ['sekrit', '{"current":"sekrit"}', 'null', '{"current":"a","keys":{}}']) {
    assert.throws(
      () => parseKeySet(bad),
      (error: Error) => /token-key secret/.test(error.message) && !/sekrit/.test(error.message),
    );
  }
});

keys.run();
