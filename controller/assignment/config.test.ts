import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../core/config/env.ts';
import { readControllerConfig } from './config.ts';

const SETTINGS = {
  expiresAt: '2026-06-01T12:00:00.000Z',
  keepAlive: false,
  context: null,
  extensionId: null,
  certificateIds: [],
  hasProxies: false,
  viewport: { width: 1288, height: 711 },
  ignoreCertificateErrors: false,
  blockAds: false,
  allowedDomains: [],
  logSession: false,
  recordSession: false,
  idleTimeoutMs: null,
  connectDeadlineMs: null,
};
const settings = (change: object) => JSON.stringify({ ...SETTINGS, ...change });
const ENV = {
  SESSION_ID: '5b7a2c9e-8f0a-4a6e-9d0a-3c1c9a1d2e3f',
  PROJECT_ID: 'p',
  CONTROLLER_TOKEN: 'token-secret',
  CONTAINER_API_URL: 'https://api.example/prod/',
  TOKEN_PUBLIC_KEYS: '{"k1":"PEM-text"}',
  SESSION_SETTINGS: settings({}),
};

/** What is wrong with the environment, after `change`. */
function faultsOf(change: Readonly<Record<string, string | undefined>>): string {
  try {
    readControllerConfig({ ...ENV, ...change });
  } catch (error) {
    assert.instance(error, ConfigError);
    return (error as Error).message;
  }
  return 'none';
}

const t = suite('what a controller knows when it starts');

t('knows by what it runs on whether AWS may take it back', () => {
  const isReclaimable = (CAPACITY_PROVIDER: string) =>
    readControllerConfig({ ...ENV, CAPACITY_PROVIDER }).host.isReclaimable;
  assert.equal([isReclaimable('FARGATE'), isReclaimable('FARGATE_SPOT')], [false, true]);
  assert.match(
    faultsOf({ CAPACITY_PROVIDER: 'EC2' }),
    'CAPACITY_PROVIDER must be one of FARGATE, FARGATE_SPOT',
  );
});

t('guards its browser unless it is told not to', () => {
  const egress = (change: object) => readControllerConfig({ ...ENV, ...change }).host.egress;
  assert.is(egress({ EGRESS_GUARD: '0' }), undefined);
  const connectOrigin = 'ws://127.0.0.1:8787/connect';
  const given = { ALLOWED_NETWORKS: '10.0.0.0/8, fd00::/8', PUBLIC_CONNECT_ORIGIN: connectOrigin };
  assert.equal(egress(given), { allowedNetworks: ['10.0.0.0/8', 'fd00::/8'], connectOrigin });
});

t('needs only who it is and its session; the rest has the values of a container', async () => {
  const { identity, host, assignments } = readControllerConfig(ENV);
  assert.equal(identity, {
    publicKeys: { k1: 'PEM-text' },
    containerApiUrl: 'https://api.example/prod',
  });
  assert.equal(host, {
    proxyHost: '0.0.0.0',
    proxyPort: 9223,
    chromePath: '/usr/bin/chromium',
    chromeVersion: undefined,
    chromeUser: undefined,
    sessionRoot: '/tmp/wallcrawler',
    isReclaimable: false,
    adHostsFile: undefined,
    egress: { allowedNetworks: [], connectOrigin: undefined },
    times: {
      connectDeadlineMs: 300_000,
      reconnectGraceMs: 60_000,
      idleTimeoutMs: 600_000,
      heartbeatIntervalMs: 15_000,
      shutdownTimeoutMs: 110_000,
    },
  });
  assert.equal(await assignments?.next(), {
    sessionId: ENV.SESSION_ID,
    projectId: 'p',
    token: 'token-secret',
    settings: SETTINGS,
  });
});

const WARM_ENV = {
  WARM_ID: 'w01-5b7a2c9e-8f0a-4a6e-9d0a-3c1c9a1d2e3f',
  WARM_TOKEN: 'warm-secret',
  WARM_UNTIL: '2026-06-01T12:00:00.000Z',
  CONTAINER_API_URL: ENV.CONTAINER_API_URL,
  TOKEN_PUBLIC_KEYS: ENV.TOKEN_PUBLIC_KEYS,
};

t('has no session where it waits for one', () => {
  const { warm, assignments, identity } = readControllerConfig(WARM_ENV);
  assert.equal(warm, {
    warmId: WARM_ENV.WARM_ID,
    token: 'warm-secret',
    untilMs: Date.parse(WARM_ENV.WARM_UNTIL),
  });
  assert.equal([assignments, identity.containerApiUrl], [undefined, 'https://api.example/prod']);
});

t('is not guessed where a session and a wait for one are mixed', () => {
  assert.match(
    faultsOf({ WARM_ID: WARM_ENV.WARM_ID }),
    'WARM_ID cannot stand beside SESSION_ID, PROJECT_ID, CONTROLLER_TOKEN, SESSION_SETTINGS',
  );
});

t('says what is wrong with a wait', () => {
  const noSession = Object.fromEntries(Object.keys(ENV).map((name) => [name, undefined]));
  const message = faultsOf({ ...noSession, WARM_ID: '../w01', WARM_UNTIL: 'soon-secret' });
  for (const fault of [
    'WARM_ID must be a slot and a UUID',
    'WARM_TOKEN is missing',
    'WARM_UNTIL must be a time',
  ])
    assert.match(message, fault);
  assert.not.match(message, 'soon-secret');
});

t('takes a context and a viewport with the settings', async () => {
  const wanted = { context: { id: 'c', persist: true }, viewport: { width: 800, height: 600 } };
  const { assignments } = readControllerConfig({ ...ENV, SESSION_SETTINGS: settings(wanted) });
  assert.equal((await assignments?.next())?.settings, { ...SETTINGS, ...wanted });
});

t("gives Chrome's user a group of the same number, unless it names another", () => {
  const userOf = (change: object) => readControllerConfig({ ...ENV, ...change }).host.chromeUser;
  assert.equal(userOf({ CHROME_UID: '700' }), { uid: 700, gid: 700 });
  assert.equal(userOf({ CHROME_UID: '700', CHROME_GID: '701' }), { uid: 700, gid: 701 });
  assert.is(userOf({ CHROME_GID: '701' }), undefined);
});

t('names everything that is missing at once, whichever part it is of', () => {
  const message = faultsOf(Object.fromEntries(Object.keys(ENV).map((name) => [name, undefined])));
  for (const name of Object.keys(ENV)) assert.match(message, `${name} is missing`);
});

t('says what is wrong with the settings', () => {
  assert.match(
    faultsOf({ SESSION_SETTINGS: settings({ keepAlive: 1, viewport: 1 }) }),
    /SESSION_SETTINGS needs a usable keepAlive, viewport$/,
  );
  assert.match(faultsOf({ SESSION_SETTINGS: 'null' }), 'SESSION_SETTINGS must be an object');
  assert.match(faultsOf({ SESSION_SETTINGS: '{' }), 'SESSION_SETTINGS must be JSON');
});

t('refuses an id that could leave its folder', () => {
  for (const id of ['../x', 'a/b', '.', 'a b', 'x'.repeat(65), 'a\n']) {
    assert.match(faultsOf({ SESSION_ID: id }), 'SESSION_ID must be letters, digits, "-" and "_" only');
  }
});

t('refuses public keys that could verify nothing', () => {
  for (const keys of ['{}', '[]', 'null', '{"k":1}', '{"k":"PEM","l":null}']) {
    assert.match(faultsOf({ TOKEN_PUBLIC_KEYS: keys }), 'TOKEN_PUBLIC_KEYS must map key ids to PEM texts');
  }
});

t('bounds its numbers, and never makes Chrome root', () => {
  for (const [name, value] of [
    ['PROXY_PORT', '65536'],
    ['CHROME_UID', '0'],
    ['CHROME_GID', '0'],
    ['CHROME_UID', '4294967295'],
    ['IDLE_TIMEOUT_MS', '0'],
    ['CONNECT_DEADLINE_MS', '86400001'],
    ['HEARTBEAT_INTERVAL_MS', '9'],
    ['SHUTDOWN_TIMEOUT_MS', '99'],
  ] as const) {
    assert.match(faultsOf({ [name]: value }), new RegExp(`^\\S.*${name} must be a whole number`), name);
  }
});

t('calls back by http or https only, and repeats no value', () => {
  const message = faultsOf({
    CONTAINER_API_URL: 'file:///etc/secret',
    TOKEN_PUBLIC_KEYS: 'secret',
    SESSION_SETTINGS: 'secret',
    SESSION_ID: 'secret secret',
  });
  assert.match(message, 'CONTAINER_API_URL must be a URL that starts with http:// or https://');
  assert.not.match(message, 'secret');
});

t.run();
