import { randomUUID } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ClaimedAssignment } from '../../core/domain/claim.ts';
import { DEFAULT_VIEWPORT } from '../../core/domain/container-settings.ts';
import { WARM } from '../../core/domain/timing.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf, type TokenAudience, type TokenClaims } from '../../core/tokens/tokens.ts';
import { hashOf, sealClaim } from '../testing/seal-claim.ts';
import { createClaimKey } from './claim-key.ts';
import { Claims } from './claims.ts';

const WARM_ID = `w01-${randomUUID()}`;
const ASSIGNMENT: ClaimedAssignment = {
  sessionId: 's-1',
  projectId: 'p-1',
  token: 'token',
  settings: {
    expiresAt: '2026-06-01T12:00:00.000Z',
    keepAlive: false,
    context: null,
    extensionId: null,
    certificateIds: [],
    hasProxies: false,
    viewport: DEFAULT_VIEWPORT,
    ignoreCertificateErrors: false,
    blockAds: false,
    allowedDomains: [],
    logSession: false,
    recordSession: false,
    idleTimeoutMs: null,
    connectDeadlineMs: null,
    origin: null,
  },
  profileUrl: null,
  extensionUrl: null,
};
const READY = { status: 'ready', sandbox: 'on' } as const;

const keySet = rotateKeySet(undefined, new Date());
const key = await createClaimKey();

interface Change {
  readonly claims?: Partial<TokenClaims>;
  readonly audience?: TokenAudience;
  readonly content?: unknown;
  readonly sealedTo?: string;
}

/** The door of a container, and claims for it. */
function prepare() {
  const clock = createManualClock();
  const claims = new Claims({ warmId: WARM_ID, publicKeys: publicKeysOf(keySet), key, clock });
  async function make({ claims: changed, audience = 'claim', content = ASSIGNMENT, sealedTo }: Change = {}) {
    const { body, bodyHash } = await sealClaim(sealedTo ?? key.publicKey, content);
    const { sessionId, projectId } = ASSIGNMENT;
    const expiresAt = new Date(clock.now() + WARM.claimTokenMs);
    const token = signToken(keySet, keySet.current, audience, {
      ...{ sessionId, projectId, warmId: WARM_ID, bodyHash, expiresAt },
      ...changed,
    });
    return { token, body: Buffer.from(body) };
  }
  const take = async (change?: Change) => {
    const { token, body } = await make(change);
    return claims.take(token, body);
  };
  return { claims, clock, make, take };
}

const door = suite('the claims of a container');

door('give it its session, and are answered when it says so', async () => {
  const { claims, take } = prepare();
  claims.open();
  const outcome = take();
  assert.equal(await claims.next(), ASSIGNMENT);
  assert.is(claims.isAnswered, false);
  claims.answer(READY);
  assert.equal(await outcome, { answer: READY });
  assert.is(claims.isAnswered, true);
});

door('are refused before it can serve one, and while it leaves', async () => {
  const { claims, take } = prepare();
  assert.equal(await take(), { refusal: 'unavailable' });
  claims.open();
  assert.is(claims.close(), true);
  claims.open();
  assert.equal(await take(), { refusal: 'unavailable' });
});

door('are taken once: by the first of many, for ever', async () => {
  const { claims, make, take } = prepare();
  claims.open();
  const { token, body } = await make();
  const outcomes = [claims.take(token, body), claims.take(token, body), take()];
  await claims.next();
  assert.is(claims.close(), false, 'it is too late to leave');
  claims.fail();
  const refusals = (await Promise.all(outcomes)).map((outcome) => 'refusal' in outcome && outcome.refusal);
  assert.equal(refusals.sort(), ['taken', 'taken', 'unavailable']);
  assert.equal(await take(), { refusal: 'taken' });
});

for (const [what, refusal, change] of [
  ['of another audience', 'badToken', { audience: 'controller' }],
  ['of another container', 'badToken', { claims: { warmId: `w01-${randomUUID()}` } }],
  ['of no container', 'badToken', { claims: { warmId: undefined } as never }],
  ['that has expired', 'badToken', { claims: { expiresAt: new Date(0) } }],
  ['with another body', 'unusable', { claims: { bodyHash: hashOf('another') } }],
  ['of another session', 'unusable', { claims: { sessionId: 's-2' } }],
  ['of another project', 'unusable', { claims: { projectId: 'p-2' } }],
  ['sealed to another key', 'unusable', { sealedTo: (await createClaimKey()).publicKey }],
  ['that holds no assignment', 'unusable', { content: { ...ASSIGNMENT, settings: null } }],
  ['that holds no JSON', 'unusable', { content: 'garbage' }],
] as readonly (readonly [string, string, Change])[]) {
  door(`are not used up by one ${what}`, async () => {
    const { claims, take } = prepare();
    claims.open();
    assert.equal(await take(change), { refusal });
    const outcome = take();
    await claims.next();
    claims.answer(READY);
    assert.equal(await outcome, { answer: READY });
  });
}

door('are refused when their token expires while the body is on its way', async () => {
  const { claims, clock, make } = prepare();
  claims.open();
  const { token, body } = await make();
  assert.is(claims.refusalOf(token), null);
  clock.advance(WARM.claimTokenMs + 1_000);
  assert.equal(await claims.take(token, body), { refusal: 'badToken' });
});

door('are sealed to a key whose private half stays here', () => {
  const { kty, crv, d } = JSON.parse(key.publicKey);
  assert.equal([kty, crv, d], ['OKP', 'X25519', undefined]);
});

door.run();
