/** Tokens that nobody of ours made, or made for something else. */
import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rotateKeySet } from './key-set.ts';
import { signToken } from './sign-token.ts';
import { publicKeysOf, type TokenAudience, TokenError, type TokenFault } from './tokens.ts';
import { keyIdOf, verifyToken } from './verify-token.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const keySet = rotateKeySet(undefined, NOW);
const publicKeys = publicKeysOf(keySet);
const kid = keySet.current;
const { privateKey = '', publicKey = '' } = keySet.keys[kid] ?? {};
const exp = NOW.getTime() / 1_000 + 60;
const good = { prj: 'p1', exp, aud: 'cdp', iss: 'wallcrawler', sub: 's1' };

const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token with any header and payload, whose signature is right all the same. */
function signed(payload: unknown, header: object = { alg: 'ES256', typ: 'JWT', kid }): string {
  const text = `${encoded(header)}.${encoded(payload)}`;
  const signature = signBytes('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

const faultOf = (
  token: string,
  wanted: { audience?: TokenAudience; sessionId?: string } = {},
): TokenFault | 'none' => {
  try {
    verifyToken(publicKeys, token, { audience: 'cdp', now: NOW, ...wanted });
    return 'none';
  } catch (error) {
    assert.instance(error, TokenError);
    const secret = token.split('.')[2];
    if (secret) assert.not.match(String((error as Error).stack), secret);
    return (error as TokenError).fault;
  }
};

const claims = suite('the claims of a token');

const CLAIMS: readonly (readonly [what: string, payload: unknown, fault: TokenFault | 'none'])[] = [
  ['all that is needed', good, 'none'],
  ['claims of others besides', { ...good, admin: true, nbf: exp - 120 }, 'none'],
  ['no session', { ...good, sub: undefined }, 'malformed'],
  ['a session that is a number', { ...good, sub: 7 }, 'malformed'],
  ['no project', { ...good, prj: undefined }, 'malformed'],
  ['a project that is a list', { ...good, prj: ['p1'] }, 'malformed'],
  ['no end', { ...good, exp: undefined }, 'malformed'],
  ['an end in this second', { ...good, exp: exp - 60 }, 'expired'],
  ['a begin that is to come', { ...good, nbf: exp }, 'malformed'],
  ['another issuer', { ...good, iss: 'somebody' }, 'malformed'],
  ['no issuer', { ...good, iss: undefined }, 'malformed'],
  ['no audience', { ...good, aud: undefined }, 'wrong audience'],
  ['another audience', { ...good, aud: 'controller' }, 'wrong audience'],
  ['an audience that holds ours', { ...good, aud: 'cdp ' }, 'wrong audience'],
  ['no claims', {}, 'wrong audience'],
];

for (const [what, payload, fault] of CLAIMS) {
  claims(`with ${what}: ${fault === 'none' ? 'it is taken' : 'it is refused'}`, () => {
    assert.is(faultOf(signed(payload)), fault);
  });
}

claims('that are a text, a list or null, or end in words, are refused, however well they are signed', () => {
  for (const payload of ['text', [good], null, 7, { ...good, exp: 'never' }])
    assert.is.not(faultOf(signed(payload)), 'none');
});

claims('open a page only when the page is named by a text', () => {
  const pageOf = (page: unknown) =>
    verifyToken(publicKeys, signed({ ...good, page }), { audience: 'cdp', now: NOW }).pageId;
  assert.equal(
    [pageOf('A'), pageOf(''), pageOf(7), pageOf(['A']), pageOf(null)],
    ['A', '', undefined, undefined, undefined],
  );
});

claims('are bound to the session that is asked for, letter by letter', () => {
  const token = signed(good);
  assert.is(faultOf(token, { sessionId: 's1' }), 'none');
  for (const sessionId of ['S1', 's1 ', '', 's11']) assert.is(faultOf(token, { sessionId }), 'wrong session');
});

claims.run();

// ---

const headers = suite('the header of a token');

for (const [what, header, fault] of [
  ['no key', { alg: 'ES256' }, 'unknown key'],
  ['a key that is not there', { alg: 'ES256', kid: 'gone' }, 'unknown key'],
  ['a key by a name that objects have', { alg: 'ES256', kid: '__proto__' }, 'unknown key'],
  ['a key by the name of a function', { alg: 'ES256', kid: 'toString' }, 'unknown key'],
  ['a key that is a list', { alg: 'ES256', kid: [kid] }, 'unknown key'],
  ['a key that is an object', { alg: 'ES256', kid: { toString: kid } }, 'unknown key'],
  ['an empty key', { alg: 'ES256', kid: '' }, 'unknown key'],
] as const) {
  headers(`with ${what} leads to none of ours`, () => {
    assert.is(faultOf(signed(good, header)), fault);
  });
}

for (const alg of ['none', 'None', 'HS256', 'HS512', 'RS256', 'PS256', 'ES384', 'ES512', 'EdDSA', '', null]) {
  headers(`that says ${alg} is refused, whatever the signature`, () => {
    const text = `${encoded({ alg, typ: 'JWT', kid })}.${encoded(good)}`;
    const hmac = createHmac('sha256', publicKey).update(text).digest('base64url');
    for (const signature of ['', hmac, signed(good).split('.')[2]]) {
      assert.is.not(faultOf(`${text}.${signature}`), 'none');
    }
  });
}

headers('may bring no key along', () => {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = own.publicKey.export({ format: 'jwk' });
  const token = jwt.sign(good, own.privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    algorithm: 'ES256',
    header: { alg: 'ES256', kid, jwk, x5u: 'http://evil.example/key' } as never,
  });
  assert.is(faultOf(token), 'bad signature');
});

headers.run();

// ---

const shapes = suite('the shape of a token');

for (const [what, token] of [
  ['nothing', ''],
  ['dots', '..'],
  ['one part', 'a'],
  ['two parts', `${encoded({ alg: 'ES256', kid })}.${encoded(good)}`],
  ['a header that is no JSON', `${encoded('not json')}.${encoded(good)}.AAAA`],
  ['a header that is null', `${encoded('null')}.${encoded(good)}.AAAA`],
  ['a header that is a list', `${encoded([])}.${encoded(good)}.AAAA`],
  [
    'an old form of the signature',
    `${signed(good).split('.').slice(0, 2).join('.')}.${Buffer.from('0').toString('base64url')}`,
  ],
  ['a byte of zero in it', `\u0000${signed(good)}`],
  ['a line end after it', `${signed(good)}\n`],
  ['a part too many', `${signed(good)}.AAAA`],
  ['2,049 characters', `${signed(good)}${'A'.repeat(2_049 - signed(good).length)}`],
] as const) {
  shapes(`of ${what} is refused by its name`, () => {
    assert.ok(['malformed', 'bad signature', 'unknown key'].includes(faultOf(token)), faultOf(token));
  });
}

shapes('is read for its key without a look at the rest, and never fails otherwise', () => {
  assert.is(keyIdOf(signed({ any: 'thing' })), kid);
  for (const token of ['', 'a.b.c', `${encoded('{')}.a.b`, '\ud83d.\ud83d.\ud83d']) {
    assert.throws(
      () => keyIdOf(token),
      (error: unknown) => error instanceof TokenError,
    );
  }
});

shapes('that we sign is one that every proxy takes: a URL can carry it', () => {
  const long = {
    sessionId: '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11',
    projectId: 'p'.repeat(64),
    pageId: 'A'.repeat(64),
  };
  const token = signToken(keySet, kid, 'live', { ...long, expiresAt: NOW });
  assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.ok(token.length < 2_048);
});

shapes('has an end in whole seconds, never before the moment that was asked for', () => {
  for (const ms of [1, 500, 999]) {
    const expiresAt = new Date(NOW.getTime() + ms);
    const token = signToken(keySet, kid, 'cdp', { sessionId: 's', projectId: 'p', expiresAt });
    const read = verifyToken(publicKeys, token, { audience: 'cdp', now: NOW }).expiresAt;
    assert.is(read.getTime(), NOW.getTime() + 1_000);
  }
});

shapes.run();
