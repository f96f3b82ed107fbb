import { resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../core/config/env.ts';
import { readMachineConfig } from './config.ts';

const t = suite('machine configuration');

t('has a default for everything', () => {
  const config = readMachineConfig({});
  assert.is(config.port, 8787);
  assert.is(config.dataDir, resolve('.wallcrawler'));
  assert.is(config.apiKey, undefined);
  assert.is(config.dynamodbEndpoint, undefined);
  assert.is(config.chromePath, undefined);
  assert.is(config.browserImage, undefined);
  assert.equal(config.containerEngine, ['docker']);
  assert.equal([config.host, config.publicUrl], ['127.0.0.1', undefined]);
  assert.is(config.router, '1', 'one port is all it takes');
  assert.is(config.servesOthers, false);
});

t('takes what is set', () => {
  const config = readMachineConfig({
    PORT: '0',
    WALLCRAWLER_DATA_DIR: 'some/where',
    WALLCRAWLER_API_KEY: 'wc_12345678',
    WALLCRAWLER_DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000/',
    CHROME_PATH: process.execPath,
    WALLCRAWLER_BROWSER_IMAGE: 'wallcrawler-controller:0123456',
    WALLCRAWLER_CONTAINER_ENGINE: ' sudo  docker ',
  });
  assert.is(config.port, 0);
  assert.is(config.dataDir, resolve('some/where'));
  assert.is(config.apiKey, 'wc_12345678');
  assert.is(config.dynamodbEndpoint, 'http://127.0.0.1:8000');
  assert.is(config.chromePath, process.execPath);
  assert.is(config.browserImage, 'wallcrawler-controller:0123456');
  assert.equal(config.containerEngine, ['sudo', 'docker']);
});

t('takes networks that may be asked, as the functions read them', () => {
  const allowed = (networks: string) =>
    readMachineConfig({ WALLCRAWLER_ALLOWED_NETWORKS: networks }).allowedNetworks;
  assert.is(readMachineConfig({}).allowedNetworks, '');
  assert.is(allowed('127.0.0.0/8, fd00:1::/48'), '127.0.0.0/8,fd00:1::/48');
  for (const wrong of [
    '127.0.0.1',
    '127.0.0.0/33',
    'fd00::/129',
    'localhost/8',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    ',',
  ])
    assert.throws(() => allowed(wrong), /WALLCRAWLER_ALLOWED_NETWORKS must/, wrong);
});

t('guards browsers when it is asked to, and always where others are let in', () => {
  const egress = (env: Record<string, string>) => readMachineConfig(env).egress;
  assert.equal([egress({}), egress({ WALLCRAWLER_EGRESS: '1' })], ['0', '1']);
  const open = { HOST: '0.0.0.0', WALLCRAWLER_API_KEY: 'wc_12345678' };
  assert.equal([egress(open), egress({ ...open, WALLCRAWLER_EGRESS: '1' })], ['1', '1']);
  assert.throws(() => egress({ ...open, WALLCRAWLER_EGRESS: '0' }), /WALLCRAWLER_EGRESS can only be 1/);
  assert.throws(() => egress({ WALLCRAWLER_EGRESS: 'yes' }), /WALLCRAWLER_EGRESS must be/);
});

t('takes a list of ad hosts that is there, and a proxy as its URL has it', () => {
  assert.is(readMachineConfig({ WALLCRAWLER_AD_HOSTS: import.meta.filename }).adHosts, import.meta.filename);
  assert.throws(
    () => readMachineConfig({ WALLCRAWLER_AD_HOSTS: '/nowhere/hosts' }),
    /WALLCRAWLER_AD_HOSTS names no file/,
  );
  const url = 'http://user:hunter2@proxy.example:3128';
  assert.is(readMachineConfig({ WALLCRAWLER_PROXY: url }).managedProxy, url);
  assert.throws(
    () => readMachineConfig({ WALLCRAWLER_PROXY: url.replace('http', 'ftp') }),
    /^(?!.*hunter2).*WALLCRAWLER_PROXY must be a proxy such as/s,
  );
});

t('names all faults at once, and no value', () => {
  const env = {
    PORT: '99999',
    WALLCRAWLER_API_KEY: 'with a space',
    WALLCRAWLER_DYNAMODB_ENDPOINT: 'localhost',
    CHROME_PATH: '/nowhere/chrome',
  };
  try {
    readMachineConfig(env);
    assert.unreachable('it was accepted');
  } catch (error) {
    assert.instance(error, ConfigError);
    const { message } = error as ConfigError;
    for (const name of Object.keys(env)) assert.match(message, name);
    assert.not.match(message, 'with a space');
  }
});

const messageOf = (env: Record<string, string>): string => {
  try {
    readMachineConfig(env);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

const WHO_LETS_IN: readonly (readonly [what: string, env: Record<string, string>])[] = [
  ['all addresses', { HOST: '0.0.0.0' }],
  ['an address of a network', { HOST: '10.0.0.1' }],
  ['a public URL', { WALLCRAWLER_PUBLIC_URL: 'https://browsers.example' }],
];
for (const [what, env] of WHO_LETS_IN) {
  t(`lets nobody in by ${what} without a key that its operator has set`, () => {
    for (const without of [env, { ...env, WALLCRAWLER_API_KEY: '' }])
      assert.match(messageOf(without), 'WALLCRAWLER_API_KEY is to be set by you');
    const withKey = { ...env, WALLCRAWLER_API_KEY: 'wc_12345678' };
    assert.is(readMachineConfig(withKey).servesOthers, true);
    assert.match(messageOf({ ...withKey, WALLCRAWLER_ROUTER: '0' }), 'WALLCRAWLER_ROUTER can only be 1');
  });
}

t('lets the users of this machine in as before, by whatever name it has for itself', () => {
  for (const HOST of ['127.0.0.1', '127.0.0.2', 'localhost', '::1']) {
    const config = readMachineConfig({
      HOST,
      WALLCRAWLER_PUBLIC_URL: 'http://localhost:9000/',
      WALLCRAWLER_ROUTER: '0',
    });
    assert.equal(
      [config.host, config.publicUrl, config.servesOthers],
      [HOST, 'http://localhost:9000', false],
    );
  }
});

t.run();
