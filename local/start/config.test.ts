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
  assert.is(config.router, '0', 'clients reach the browsers directly');
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

t.run();
