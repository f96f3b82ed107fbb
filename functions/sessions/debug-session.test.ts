import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SESSION_STATUSES, type Session, toPublicStatus } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import { type DebugSessionDeps, debugSession } from './debug-session.ts';
import type { LiveUrlsView } from './live-urls.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';
const NOW = new Date('2026-06-01T00:00:00Z');
const keySet = rotateKeySet(undefined, NOW);

const stored = (changes: Partial<Session> = {}): Session =>
  newSession({
    sessionId: ID,
    status: 'READY',
    address: { host: '10.0.0.5', port: 9223 },
    tokenKeyId: keySet.current,
    ...changes,
  });

function debug(
  session: Session | undefined,
  { expiresIn, ...changes }: Partial<DebugSessionDeps> & { readonly expiresIn?: number } = {},
) {
  const use = debugSession({
    getSession: async () => session,
    loadTokenKeys: async () => keySet,
    listPages: async () => [{ id: 'A', url: 'about:blank', title: '' }],
    publicConnectOrigin: undefined,
    now: () => NOW,
    ...changes,
  });
  return use(newRequest({ pathId: ID, query: expiresIn === undefined ? {} : { expiresIn } }));
}

const claimsIn = (url: string) =>
  verifyToken(publicKeysOf(keySet), /\/live\/([^/]+)/.exec(url)?.[1] ?? '', {
    audience: 'live',
    sessionId: ID,
    now: NOW,
  });

const unasked = async () => assert.unreachable('the container was asked') as never;

const debugging = suite('debugSession');

for (const status of SESSION_STATUSES.filter(
  (candidate) => candidate !== 'READY' && candidate !== 'ACTIVE',
)) {
  debugging(`is 410 for a session that is ${status}, and says ${toPublicStatus(status)}`, async () => {
    const failure = await appErrorOf(debug(stored({ status }), { listPages: unasked }));
    assert.is(failure.status, 410);
    assert.is(failure.message, `Session ${ID} is not running, it is ${toPublicStatus(status)}`);
  });
}

debugging('is 410 while nobody knows where the container is', async () => {
  const { address: _, ...nowhere } = stored();
  assert.is((await appErrorOf(debug(nowhere, { listPages: unasked }))).code, 'SESSION_NOT_RUNNING');
});

debugging('is 404 for a session of another project', async () => {
  for (const found of [undefined, stored({ projectId: 'p2' })]) {
    assert.is((await appErrorOf(debug(found, { listPages: unasked }))).code, 'SESSION_NOT_FOUND');
  }
});

debugging('opens one page with the token of that page, and the session with the token of all', async () => {
  const view = (await debug(stored({ status: 'ACTIVE' }))).body as LiveUrlsView;
  assert.is(claimsIn(view.debuggerUrl).pageId, 'A');
  assert.is(claimsIn(view.wsUrl).pageId, undefined);
});

debugging('asks the container, by the way that clients take, as the whole session', async () => {
  const asked: { origin: string; token: string }[] = [];
  await debug(stored(), {
    publicConnectOrigin: 'wss://browsers.example/connect',
    listPages: async ({ httpOrigin }, token) => {
      asked.push({ origin: httpOrigin, token });
      return [];
    },
  });
  assert.is(asked[0]?.origin, 'https://browsers.example/connect');
  const claims = claimsIn(`/live/${asked[0]?.token}`);
  assert.equal([claims.sessionId, claims.projectId, claims.pageId], [ID, 'p1', undefined]);
});

for (const [expiresIn, expiresAt, why] of [
  [undefined, '2026-06-01T00:10:00.000Z', 'with the session, by default'],
  [60, '2026-06-01T00:01:00.000Z', 'when it was asked'],
  [3_600, '2026-06-01T00:10:00.000Z', 'with the session, however long was asked for'],
] as const) {
  debugging(`expires ${why}`, async () => {
    const { body } = await debug(stored(), expiresIn === undefined ? {} : { expiresIn });
    const { debuggerUrl, wsUrl } = body as LiveUrlsView;
    for (const url of [debuggerUrl, wsUrl]) assert.is(claimsIn(url).expiresAt.toISOString(), expiresAt);
  });
}

debugging('is 502 when the container does not answer, and keeps its words inside', async () => {
  const cause = new Error('connect ECONNREFUSED 10.0.0.5:9223');
  const listPages = async () => {
    throw cause;
  };
  const failure = await appErrorOf(debug(stored(), { listPages }));
  assert.equal([failure.status, failure.message], [502, `The container of session ${ID} did not answer`]);
  assert.is(failure.cause, cause);
});

debugging('fails as it is when the keys cannot be read: that is no fault of the container', async () => {
  const fault = new Error('AccessDenied');
  const loadTokenKeys = async () => {
    throw fault;
  };
  assert.is(await debug(stored(), { loadTokenKeys, listPages: unasked }).catch((error) => error), fault);
});

debugging.run();
