import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import { type SignCdpUrlBody, signCdpUrl } from './sign-cdp-url.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const keySet = rotateKeySet(undefined, NOW);
const SESSION = newSession({
  sessionId: '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11',
  status: 'READY',
  address: { host: '10.0.0.5', port: 9223 },
  tokenKeyId: keySet.current,
  expiresAt: '2026-06-01T01:00:00.000Z',
});

const ask = (body: SignCdpUrlBody, changes: Partial<Session> = {}, origin?: string) =>
  signCdpUrl({
    getSession: async () => ({ ...SESSION, ...changes }),
    loadTokenKeys: async () => keySet,
    publicConnectOrigin: origin,
    now: () => NOW,
  })(newRequest({ pathId: SESSION.sessionId, body }) as never);

interface View {
  readonly cdpUrl: string;
  readonly rights: string;
  readonly expiresAt: string;
}
const signed = async (body: SignCdpUrlBody, origin?: string) => (await ask(body, {}, origin)).body as View;
const claimsIn = (url: string, audience: 'cdp' | 'live') =>
  verifyToken(publicKeysOf(keySet), /(?:signingKey=|\/live\/)([^/]+)/.exec(url)?.[1] ?? '', {
    audience,
    sessionId: SESSION.sessionId,
    now: NOW,
  });

const t = suite('POST /v1/sessions/{id}/cdp-url');

t('is a URL for a client, until the session ends', async () => {
  const { cdpUrl, rights, expiresAt } = await signed({});
  assert.match(cdpUrl, /^ws:\/\/10\.0\.0\.5:9223\/\?signingKey=/);
  assert.equal([rights, expiresAt], ['full', SESSION.expiresAt]);
  const { isViewOnly, mayNotEnd, pageId } = claimsIn(cdpUrl, 'cdp');
  assert.equal([isViewOnly, mayNotEnd, pageId], [undefined, undefined, undefined]);
});

t('lives as long as it is told, and no longer than the session', async () => {
  assert.is((await signed({ expiresIn: 60 })).expiresAt, '2026-06-01T00:01:00.000Z');
  assert.is((await signed({ expiresIn: 21_600 })).expiresAt, SESSION.expiresAt);
});

t('is for a guest, who may not end the browser', async () => {
  const { cdpUrl } = await signed({ rights: 'guest' }, 'wss://browsers.example/connect');
  assert.match(cdpUrl, /^wss:\/\/browsers\.example\/connect\?signingKey=/);
  assert.is(claimsIn(cdpUrl, 'cdp').mayNotEnd, true);
});

for (const [rights, isViewOnly] of [
  ['page', undefined],
  ['view', true],
] as const) {
  t(`is for one page: ${rights}`, async () => {
    const { cdpUrl } = await signed({ rights, pageId: 'ABC' });
    assert.match(cdpUrl, /^ws:\/\/10\.0\.0\.5:9223\/live\/[\w.-]+\/devtools\/page\/ABC$/);
    const claims = claimsIn(cdpUrl, 'live');
    assert.equal([claims.pageId, claims.isViewOnly], ['ABC', isViewOnly]);
  });
}

t('is refused where rights and page do not go together', async () => {
  for (const body of [
    { rights: 'page' },
    { rights: 'view' },
    { pageId: 'A' },
    { rights: 'guest', pageId: 'A' },
  ] as const)
    assert.is((await appErrorOf(ask(body))).status, 400);
});

t('is refused for a session that has ended, and for one of others', async () => {
  assert.is((await appErrorOf(ask({}, { status: 'STOPPED' }))).status, 410);
  assert.is((await appErrorOf(ask({}, { projectId: 'another' }))).status, 404);
});

t.run();
