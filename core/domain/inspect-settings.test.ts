import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inspectSettings } from './inspect-settings.ts';
import { CREATE_CONTEXT_SETTINGS, CREATE_SESSION_SETTINGS, type Installation } from './setting-support.ts';

const inspect = (body: unknown) => inspectSettings(body, CREATE_SESSION_SETTINGS, { region: 'eu-central-1' });
const ignoredOf = (body: unknown) => inspect(body).ignored;

const settings = suite('inspectSettings');

settings('has nothing to say of what is acted on', () => {
  const body = {
    projectId: 'p',
    timeout: 60,
    keepAlive: true,
    userMetadata: { proxies: true, nested: { blockAds: true } },
    region: 'eu-central-1',
    proxies: [{ type: 'none' }, { type: 'none', domainPattern: 'a.example' }],
    proxySettings: { caCertificates: ['id'] },
    browserSettings: {
      context: { id: 'c', persist: true },
      viewport: { width: 1, height: 2 },
      ignoreCertificateErrors: true,
      os: 'linux',
    },
  };
  assert.equal(inspect(body), { ignored: [], refusal: undefined });
  assert.equal(inspect({}), { ignored: [], refusal: undefined });
});

settings('names what is asked for and not acted on, each once', () => {
  const body = {
    region: 'us-west-2',
    proxies: [
      { type: 'browserbase' },
      { type: 'none' },
      { type: 'browserbase', geolocation: { country: 'DE' } },
    ],
    browserSettings: { blockAds: true, solveCaptchas: true, os: 'mac', verified: true },
  };
  assert.equal(ignoredOf(body), [
    'region',
    'proxies[browserbase]',
    'browserSettings.blockAds',
    'browserSettings.solveCaptchas',
    'browserSettings.os',
    'browserSettings.verified',
  ]);
  assert.equal(ignoredOf({ proxies: true }), ['proxies']);
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
    assert.equal(inspect(body), { ignored: [], refusal: undefined }, JSON.stringify(value));
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

settings('refuses a proxy of the caller’s own and a list of allowed domains, by a sentence', () => {
  const external = { type: 'external', server: 'http://user:secret@proxy' };
  const { refusal } = inspect({ proxies: [{ type: 'none' }, external] });
  assert.match(refusal ?? '', 'body/proxies[external] asks for a proxy of its own, which is not built');
  assert.not.match(refusal ?? '', 'secret');
  const domains = inspect({ browserSettings: { allowedDomains: ['a.example'] } });
  assert.match(domains.refusal ?? '', 'body/browserSettings/allowedDomains is not enforced yet');
});

settings('has rows for a context’s name', () => {
  assert.equal(inspectSettings({ projectId: 'p', name: 'n' }, CREATE_CONTEXT_SETTINGS, {}).ignored, ['name']);
});

settings.run();
