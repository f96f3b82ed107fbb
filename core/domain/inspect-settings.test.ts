import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inspectSettings } from './inspect-settings.ts';
import { CREATE_CONTEXT_SETTINGS, CREATE_SESSION_SETTINGS, type Installation } from './setting-support.ts';

const inspect = (body: unknown) => inspectSettings(body, CREATE_SESSION_SETTINGS, { region: 'eu-central-1' });
const NOTHING = { ignored: [], refusal: undefined, isNotOffered: false };
const ignoredOf = (body: unknown) => inspect(body).ignored;

const settings = suite('inspectSettings');

settings('has nothing to say of what is acted on', () => {
  const body = {
    projectId: 'p',
    timeout: 60,
    keepAlive: true,
    userMetadata: { proxies: true, nested: { blockAds: true } },
    region: 'eu-central-1',
    proxies: [
      { type: 'external', server: 'http://p' },
      { type: 'none', domainPattern: 'a.example' },
    ],
    proxySettings: { caCertificates: ['id'] },
    browserSettings: {
      context: { id: 'c', persist: true },
      viewport: { width: 1, height: 2 },
      ignoreCertificateErrors: true,
      allowedDomains: ['a.example'],
      os: 'linux',
    },
  };
  assert.equal(inspect(body), NOTHING);
  assert.equal(inspect({}), NOTHING);
});

settings('names what is asked for and not acted on, each once', () => {
  const body = {
    region: 'us-west-2',
    proxies: [{ type: 'new' }, { type: 'none' }, { type: 'new' }],
    browserSettings: { solveCaptchas: true, os: 'mac', verified: true },
  };
  assert.equal(ignoredOf(body), [
    'region',
    'proxies[new]',
    'browserSettings.solveCaptchas',
    'browserSettings.os',
    'browserSettings.verified',
  ]);
});

settings('takes false, nothing and emptiness for no wish', () => {
  const none = [false, null, '', [], {}];
  for (const value of none) {
    const browserSettings = {
      recordSession: value,
      logSession: value,
      allowedDomains: value,
      fingerprint: value,
    };
    const body = { proxies: value, proxySettings: { caCertificates: value }, browserSettings, other: value };
    assert.equal(inspect(body), NOTHING, JSON.stringify(value));
  }
});

settings('names a task size where containers have none, and acts on it elsewhere', () => {
  const body = { browserSettings: { taskSize: 'large' } };
  const ignoredBy = (installation: Installation) =>
    inspectSettings(body, CREATE_SESSION_SETTINGS, installation).ignored;
  assert.equal(ignoredBy({}), ['browserSettings.taskSize']);
  // What is not offered is refused, by the create.
  assert.equal(ignoredBy({ taskSizes: {} }), []);
});

settings('names what no row knows, where it stands and no deeper', () => {
  const body = {
    newSetting: { a: { b: 1 } },
    browserSettings: { fingerprint: { x: 1 }, viewport: { depth: 8 } },
  };
  assert.equal(ignoredOf(body), [
    'newSetting',
    'browserSettings.fingerprint',
    'browserSettings.viewport.depth',
  ]);
  assert.equal(ignoredOf({ proxies: [{ type: 'new' }, 'x'] }), ['proxies[new]', 'proxies[]']);
  assert.equal(ignoredOf({ browserSettings: { __proto__: null, toString: 1 } }), [
    'browserSettings.toString',
  ]);
});

settings('is not taken in by a name that objects have of themselves', () => {
  const body = JSON.parse('{"constructor":1,"__proto__":{"a":1}}');
  assert.equal(ignoredOf(body), ['constructor', '__proto__']);
});

for (const [body, where, offered] of [
  [{ proxies: true }, 'body/proxies asks for a proxy of the platform', { hasManagedProxy: true }],
  [
    { proxies: [{ type: 'none' }, { type: 'browserbase', domainPattern: 'a.example' }] },
    'body/proxies[browserbase] asks for a proxy of the platform',
    { hasManagedProxy: true },
  ],
  [
    { browserSettings: { blockAds: true } },
    'body/browserSettings/blockAds needs a list of the hosts of ads',
    { hasAdHosts: true },
  ],
] as const)
  settings(`refuses ${JSON.stringify(body)} by a sentence, unless the installation has what it needs`, () => {
    const { refusal, isNotOffered } = inspect(body);
    assert.ok(refusal?.startsWith(where), refusal);
    assert.is(isNotOffered, true);
    assert.equal(inspectSettings(body, CREATE_SESSION_SETTINGS, offered), NOTHING);
  });

settings('looks into the entries of a list, and no deeper into kinds that it does not know', () => {
  const offered = { hasManagedProxy: true };
  const ignoredIn = (...proxies: readonly unknown[]) =>
    inspectSettings({ proxies }, CREATE_SESSION_SETTINGS, offered).ignored;
  const geolocation = { country: 'DE', city: '' };
  const external = { type: 'external', server: 'http://a.example:1', username: 'u', password: 'p', newer: 1 };
  assert.equal(
    ignoredIn({ type: 'browserbase', geolocation }, { type: 'browserbase', geolocation }, external),
    ['proxies[browserbase].geolocation.country', 'proxies[external].newer'],
    'each once, and what is empty asks for nothing',
  );
  assert.equal(ignoredIn({ type: 'new', server: 'x' }), ['proxies[new]']);
  assert.equal(ignoredIn({ type: 'none', geolocation }), ['proxies[none].geolocation']);
});

settings('has rows for a context’s name', () => {
  assert.equal(inspectSettings({ projectId: 'p', name: 'n' }, CREATE_CONTEXT_SETTINGS, {}).ignored, ['name']);
});

settings.run();
