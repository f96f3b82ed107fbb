import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ALLOWED_DOMAINS } from '../../core/domain/allowed-domains.ts';
import { CONTAINER_VARIABLES } from '../../core/domain/container-environment.ts';
import { parseSettings } from '../../core/domain/container-settings.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { MAX_KEYS, rotateKeySet } from '../../core/tokens/key-set.ts';
import { publicKeysOf, type TokenKeySet } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import { containerEnvironment } from './container-environment.ts';
import type { CreateSessionBody } from './create-session-request.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const first = rotateKeySet(undefined, NOW);

const environment = (
  body: CreateSessionBody = {},
  keySet: TokenKeySet = first,
  tokenKeyId = keySet.current,
) =>
  containerEnvironment({
    session: newSession({ tokenKeyId, contextId: 'c', persistContext: true }),
    body,
    keySet,
    apiUrl: 'https://api.example/prod',
  });

const variables = suite('containerEnvironment');

variables('has every variable that a container reads, and no other', () => {
  assert.equal(Object.keys(environment()).sort(), Object.values(CONTAINER_VARIABLES).sort());
});

variables('carries a token for the container API that outlives the deadline, and opens no browser', () => {
  const { CONTROLLER_TOKEN: token } = environment();
  const at = (iso: string) => ({ sessionId: 's1', now: new Date(iso) });
  const keys = publicKeysOf(first);
  assert.is(
    verifyToken(keys, token, { audience: 'controller', ...at('2026-06-01T00:19:59Z') }).projectId,
    'p1',
  );
  assert.throws(
    () => verifyToken(keys, token, { audience: 'controller', ...at('2026-06-01T00:20:00Z') }),
    /expired/,
  );
  for (const audience of ['cdp', 'live'] as const) {
    assert.throws(() => verifyToken(keys, token, { audience, now: NOW }), /wrong audience/);
  }
});

variables('have every public key, so that tokens of an older one still open, and no private half', () => {
  const rotated = rotateKeySet(first, NOW);
  const env = environment({}, rotated);
  assert.equal(JSON.parse(env.TOKEN_PUBLIC_KEYS), publicKeysOf(rotated));
  assert.is(Object.keys(JSON.parse(env.TOKEN_PUBLIC_KEYS)).length, 2);
  assert.not.match(JSON.stringify(env), 'PRIVATE');
});

variables('carry the settings that the controller reads, with the context of the session', () => {
  const env = environment({
    browserSettings: { context: { id: 'c', persist: true }, viewport: { width: 5 } },
  });
  const settings = parseSettings(JSON.parse(env.SESSION_SETTINGS));
  assert.equal(settings.context, { id: 'c', persist: true });
  assert.is(settings.viewport.width, 5);
});

variables('fit what ECS takes, with as many keys as there can be and a client that asks for much', () => {
  let keySet = first;
  for (let made = 1; made < MAX_KEYS; made++) keySet = rotateKeySet(keySet, NOW);
  const browserSettings = {
    fingerprint: 'x'.repeat(100_000),
    allowedDomains: Array.from(
      { length: ALLOWED_DOMAINS.max },
      (_, i) => `${String(i).padStart(12, 'a')}.example`,
    ),
  };
  const env = environment({ browserSettings, userMetadata: { a: 'x'.repeat(400) } }, keySet);
  const overrides = Object.entries(env).map(([name, value]) => ({ name, value }));
  assert.ok(JSON.stringify(overrides).length < 8_192, `${JSON.stringify(overrides).length}`);
});

variables('are not made with a key that is not there', () => {
  for (const keyId of ['gone', '__proto__', 'constructor']) {
    assert.throws(() => environment({}, first, keyId), /unknown key/);
  }
});

variables.run();
