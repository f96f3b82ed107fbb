import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf, type TokenAudience } from '../../core/tokens/tokens.ts';
import { BROWSER_CONTROL, FULL_CONTROL, PAGE_CONTROL, VIEW_ONLY } from '../relay/rights.ts';
import { type Access, authorizeLiveRequest, authorizeUpgrade } from './authorize-upgrade.ts';

const keySet = rotateKeySet(undefined, new Date());
const now = new Date('2026-01-01T00:00:00Z');
const probeKey = 'probe-key-probe-key';
const access: Access = {
  publicKeys: publicKeysOf(keySet),
  sessionId: 's1',
  now: () => now,
  probeKey,
  keepAlive: false,
};

const sign = (
  audience: TokenAudience,
  more: {
    sessionId?: string;
    pageId?: string;
    expiresAt?: Date;
    isViewOnly?: boolean;
    mayNotEnd?: boolean;
  } = {},
) =>
  signToken(keySet, keySet.current, audience, {
    sessionId: 's1',
    projectId: 'p1',
    expiresAt: new Date(now.getTime() + 60_000),
    ...more,
  });
const cdp = sign('cdp');
const live = sign('live');

const rights = FULL_CONTROL;
const grantOf = (url: string, given = access, headers: { origin?: string } = {}) => {
  const decision = authorizeUpgrade({ url, headers }, given);
  return 'grant' in decision ? decision.grant : decision.refusal.status;
};

const upgrade = suite('authorizeUpgrade');

for (const path of ['/', '/connect', '/connect/', '/devtools/browser/any-id', '']) {
  upgrade(`opens the browser at "${path || '/?'}"`, () => {
    assert.equal(grantOf(`${path === '' ? '/' : path}?a=b&signingKey=${cdp}`), {
      kind: 'cdp',
      pageId: null,
      rights,
    });
  });
}

upgrade('opens a page', () => {
  assert.equal(grantOf(`/devtools/page/ABC123?signingKey=${cdp}`), { kind: 'cdp', pageId: 'ABC123', rights });
  assert.equal(grantOf(`/live/${live}/devtools/page/ABC123`), {
    kind: 'live',
    pageId: 'ABC123',
    rights: PAGE_CONTROL,
  });
});

const otherKeys = rotateKeySet(undefined, new Date());
const REFUSED: Readonly<Record<string, readonly [target: string, status: number]>> = {
  'no token': ['/', 401],
  'an empty token': ['/?signingKey=', 401],
  'no token at all like': ['/?signingKey=nonsense', 401],
  'a live token for the browser': [`/?signingKey=${live}`, 401],
  'a controller token': [`/?signingKey=${sign('controller')}`, 401],
  'a cdp token for the live view': [`/live/${cdp}/devtools/page/A`, 401],
  'a token of another session': [`/?signingKey=${sign('cdp', { sessionId: 's2' })}`, 401],
  'an expired token': [`/?signingKey=${sign('cdp', { expiresAt: new Date(now.getTime() - 1) })}`, 401],
  'a token of another key': [
    `/?signingKey=${signToken(otherKeys, otherKeys.current, 'cdp', { sessionId: 's1', projectId: 'p1', expiresAt: new Date(now.getTime() + 1e6) })}`,
    401,
  ],
  'a changed token': [`/?signingKey=${cdp.slice(0, -4)}AAAA`, 401],
  'the token elsewhere': [`/?token=${cdp}`, 401],
  'another page than the token shows': [`/live/${sign('live', { pageId: 'A' })}/cast/B`, 401],
  'all pages by a token for one': [`/live/${sign('live', { pageId: 'A' })}/cast`, 401],
  'a live view’s pictures by a cdp token': [`/live/${cdp}/cast/A`, 401],
  'another page than the token opens': [`/live/${sign('live', { pageId: 'A' })}/devtools/page/B`, 401],
  'an unknown path': [`/json/version?signingKey=${cdp}`, 404],
  'a path in a page id': [`/devtools/page/../browser/x/y?signingKey=${cdp}`, 404],
  'the browser by a live token': [`/live/${live}/devtools/browser/x`, 404],
  'a target that is no path': ['http://elsewhere/', 404],
  'the probe key for a page': [`/devtools/page/A?signingKey=${probeKey}`, 401],
};

for (const [name, [target, status]] of Object.entries(REFUSED)) {
  upgrade(`refuses ${name} with ${status}`, () => {
    const decision = authorizeUpgrade({ url: target, headers: {} }, access);
    assert.ok('refusal' in decision);
    assert.is(decision.refusal.status, status);
    assert.not.match(decision.refusal.message, cdp);
  });
}

upgrade('gives a client what its token allows', () => {
  const guest = sign('cdp', { mayNotEnd: true });
  assert.equal(grantOf(`/?signingKey=${guest}`), { kind: 'cdp', pageId: null, rights: BROWSER_CONTROL });
  const watcher = sign('cdp', { isViewOnly: true });
  assert.equal(grantOf(`/?signingKey=${watcher}`), { kind: 'cdp', pageId: null, rights: VIEW_ONLY });
});

upgrade('shows a page, or whichever is at work, to who may act there or watch', () => {
  const shown = { kind: 'live', rights: PAGE_CONTROL, isCast: true };
  assert.equal(grantOf(`/live/${live}/cast`), { ...shown, pageId: null });
  assert.equal(grantOf(`/live/${live}/cast/A`), { ...shown, pageId: 'A' });
  assert.equal(grantOf(`/live/${sign('live', { pageId: 'A' })}/cast/A`), { ...shown, pageId: 'A' });
  const watching = sign('live', { pageId: 'A', isViewOnly: true });
  assert.equal(grantOf(`/live/${watching}/cast/A`), { ...shown, pageId: 'A', rights: VIEW_ONLY });
  assert.equal(
    grantOf(`/live/${watching}/devtools/page/A`),
    { kind: 'live', pageId: 'A', rights: VIEW_ONLY },
    'nor by the DevTools protocol',
  );
});

upgrade('opens the page that a live token is bound to', () => {
  assert.equal(grantOf(`/live/${sign('live', { pageId: 'A' })}/devtools/page/A`), {
    kind: 'live',
    pageId: 'A',
    rights: PAGE_CONTROL,
  });
});

upgrade('takes the probe key while there is one', () => {
  assert.equal(grantOf(`/?signingKey=${probeKey}`), { kind: 'probe', pageId: null, rights });
  assert.is(grantOf(`/?signingKey=${probeKey}`, { ...access, probeKey: null }), 401);
  assert.is(grantOf(`/?signingKey=${probeKey.replace('p', 'q')}`), 401);
  assert.is(grantOf(`/?signingKey=${probeKey.replace('p', '%C3%A9')}`), 401);
});

upgrade('lets no client of a session that is kept alive end its browser', () => {
  const kept = { ...access, keepAlive: true };
  for (const path of ['/', '/devtools/page/A']) {
    const grant = grantOf(`${path}?signingKey=${cdp}`, kept);
    assert.is(typeof grant === 'object' && grant.rights, BROWSER_CONTROL);
  }
});

upgrade('tells a script in a page from a client by its origin, whichever that is', () => {
  for (const origin of ['http://127.0.0.1:1', 'null', '']) {
    const grant = grantOf(`/?signingKey=${cdp}`, access, { origin });
    assert.equal(grant, { kind: 'in-page', pageId: null, rights });
  }
});

upgrade('knows a viewer, and the probe, whatever the origin', () => {
  const kindOf = (url: string) => {
    const grant = grantOf(url, access, { origin: 'http://a' });
    return typeof grant === 'object' && grant.kind;
  };
  assert.is(kindOf(`/live/${live}/devtools/page/A`), 'live');
  assert.is(kindOf(`/?signingKey=${probeKey}`), 'probe');
});

upgrade('opens nothing before a session is assigned, whosever the token is', () => {
  const unassigned = { ...access, sessionId: null };
  for (const target of [`/?signingKey=${cdp}`, `/live/${live}/devtools/page/A`])
    assert.is(grantOf(target, unassigned), 401);
  const refused = authorizeLiveRequest(`/live/${live}/json/list`, unassigned);
  assert.ok(refused !== null && 'refusal' in refused && refused.refusal.status === 401);
});

upgrade.run();

const request = suite('authorizeLiveRequest');

request('gives the path after the token', () => {
  assert.equal(authorizeLiveRequest(`/live/${live}/json/list`, access), {
    request: { path: '/json/list', pageId: null },
  });
});

request('refuses a bad token, and leaves other paths to others', () => {
  const refused = authorizeLiveRequest(`/live/${cdp}/json/list`, access);
  assert.ok(refused !== null && 'refusal' in refused && refused.refusal.status === 401);
  assert.is(authorizeLiveRequest('/health', access), null);
});

request('resolves dot segments before it looks', () => {
  assert.is(authorizeLiveRequest(`/live/${live}/../../json/list`, access), null);
});

request.run();
