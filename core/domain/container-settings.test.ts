import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type BrowserSettings,
  type ContainerSettings,
  DEFAULT_VIEWPORT,
  parseSettings,
  settingsOf,
} from './container-settings.ts';

const session = { expiresAt: '2026-11-28T12:00:00.000Z', keepAlive: false };
const settings = (browserSettings: BrowserSettings = {}, more: object = {}): ContainerSettings =>
  settingsOf({ session: { ...session, ...more }, browserSettings });

const wishes = suite('settingsOf');

wishes('has a value for every setting of a session that asks for nothing', () => {
  assert.equal(settings(), {
    expiresAt: session.expiresAt,
    keepAlive: false,
    context: null,
    extensionId: null,
    certificateIds: [],
    hasProxies: false,
    viewport: DEFAULT_VIEWPORT,
    ignoreCertificateErrors: false,
    blockAds: false,
    allowedDomains: [],
    logSession: true,
    recordSession: false,
    idleTimeoutMs: null,
    connectDeadlineMs: null,
    origin: { requestId: null, traceparent: null },
  });
});

wishes('names the request that asked for the session, and does without', () => {
  assert.equal(settings({}, { requestId: 'r' }).origin, { requestId: 'r', traceparent: null });
  const { origin: _, ...before } = settings();
  assert.is(parseSettings(before).origin, undefined);
  assert.throws(() => parseSettings({ ...before, origin: { requestId: 7 } }), /needs a usable origin$/);
});

for (const [asked, width, height] of [
  [{ width: 800, height: 600 }, 800, 600],
  [{ width: 0, height: 0 }, DEFAULT_VIEWPORT.width, DEFAULT_VIEWPORT.height],
  [{ width: 800 }, 800, DEFAULT_VIEWPORT.height],
  [{ height: 600 }, DEFAULT_VIEWPORT.width, 600],
] as const) {
  wishes(`makes of the viewport ${JSON.stringify(asked)} one of ${width}x${height}`, () => {
    assert.equal(settings({ viewport: asked }).viewport, { width, height });
  });
}

wishes('takes the context from the session, to which it was found to belong', () => {
  assert.equal(settings({ context: { id: 'other' } }, { contextId: 'c' }).context, {
    id: 'c',
    persist: false,
  });
  assert.equal(settings({}, { contextId: 'c', persistContext: true }).context, { id: 'c', persist: true });
});

wishes('takes the certificates from the session, to whose project they were found to belong', () => {
  const certificateIds = ['c1', 'c2'];
  assert.equal(settings({}, { certificateIds }).certificateIds, certificateIds);
  for (const broken of [['c1', 7], 'c1', Array(11).fill('c1')])
    assert.throws(
      () => parseSettings({ ...settings(), certificateIds: broken }),
      /needs a usable certificateIds$/,
    );
});

wishes('says that there are proxies, and not which', () => {
  const made = settings({}, { sealedProxies: 'sealed' });
  assert.is(made.hasProxies, true);
  assert.not.match(JSON.stringify(made), '"sealed"');
});

wishes('takes from the session whether it is recorded: it or its installation has said so', () => {
  assert.is(settings({}, { recordSession: true }).recordSession, true);
});

wishes('passes on that certificates are not checked', () => {
  assert.is(settings({ ignoreCertificateErrors: true }).ignoreCertificateErrors, true);
});

wishes('takes the allowed domains as browsers write them', () => {
  assert.equal(settings({ allowedDomains: ['EXAMPLE.com'] }).allowedDomains, ['example.com']);
});

wishes('passes on that ads are blocked', () => {
  assert.is(settings({ blockAds: true }).blockAds, true);
});

wishes('takes the limit of idleness in seconds', () => {
  assert.is(settings({ idleTimeout: 90 }).idleTimeoutMs, 90_000);
});

wishes('takes the connect deadline from the session, where it has one of its own', () => {
  assert.is(settings({}, { connectDeadlineMs: 90_000 }).connectDeadlineMs, 90_000);
});

wishes.run();

// ---

const parsing = suite('parseSettings');

for (const idleTimeoutMs of [undefined, 0, 9_999, 21_600_001, 10_000.5, '90000', {}]) {
  parsing(`refuses an idle limit of ${JSON.stringify(idleTimeoutMs)} ms by its name`, () => {
    assert.throws(() => parseSettings({ ...settings(), idleTimeoutMs }), /needs a usable idleTimeoutMs/);
  });
}

for (const connectDeadlineMs of [undefined, 0, -1, 86_400_001, 1.5, '90000']) {
  parsing(`refuses a connect deadline of ${JSON.stringify(connectDeadlineMs)} ms by its name`, () => {
    assert.throws(
      () => parseSettings({ ...settings(), connectDeadlineMs }),
      /needs a usable connectDeadlineMs/,
    );
  });
}

parsing('takes what settingsOf made, through JSON', () => {
  const made = settings({ viewport: { width: 800, height: 600 } }, { contextId: 'c', keepAlive: true });
  assert.equal(parseSettings(JSON.parse(JSON.stringify(made))), made);
});

parsing('is no object: that is said', () => {
  for (const value of [null, [], 'x', 1]) assert.throws(() => parseSettings(value), /must be an object/);
});

const UNUSABLE: readonly (readonly [object, string])[] = [
  [{ expiresAt: 'soon' }, 'expiresAt'],
  [{ keepAlive: 'yes' }, 'keepAlive'],
  [{ context: undefined }, 'context'],
  [{ context: { id: 'c' } }, 'context'],
  [{ context: { id: 1, persist: true } }, 'context'],
  [{ viewport: null }, 'viewport'],
  [{ viewport: { width: 1.5, height: 1 } }, 'viewport'],
  [{ viewport: { width: 1 } }, 'viewport'],
  [{ viewport: { width: 1e9, height: 1 } }, 'viewport'],
  [{ allowedDomains: ['https://example.com'] }, 'allowedDomains'],
  [{ allowedDomains: undefined }, 'allowedDomains'],
  [{ ignoreCertificateErrors: null }, 'ignoreCertificateErrors'],
  [{ keepAlive: 1, viewport: 1 }, 'keepAlive, viewport'],
];

for (const [part, named] of UNUSABLE) {
  parsing(`names ${named} in ${JSON.stringify(part)}`, () => {
    assert.throws(() => parseSettings({ ...settings(), ...part }), new RegExp(`^.*needs a usable ${named}$`));
  });
}

parsing.run();
