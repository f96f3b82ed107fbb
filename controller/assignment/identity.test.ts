import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError, readConfig } from '../../core/config/env.ts';
import { IDENTITY_VARIABLES } from './identity.ts';

const identity = suite('who a container is');

const ENV = { CONTAINER_API_URL: 'https://api.example/stage', TOKEN_PUBLIC_KEYS: '{"k1":"PEM one"}' };
const read = (change: object = {}) => readConfig({ ...ENV, ...change }, IDENTITY_VARIABLES);
const faultsOf = (change: object): readonly string[] => {
  try {
    read(change);
  } catch (error) {
    assert.instance(error, ConfigError);
    return (error as ConfigError).faults;
  }
  return [];
};

identity('believes every key that it is given: an old one while it is being replaced', () => {
  const keys = { k1: 'PEM one', k2: 'PEM two' };
  assert.equal(read({ TOKEN_PUBLIC_KEYS: JSON.stringify(keys) }).publicKeys, keys);
});

identity('adds paths to its address by itself, so that a slash at its end is one too many', () => {
  for (const end of ['', '/', '///'])
    assert.is(
      read({ CONTAINER_API_URL: `https://api.example/stage${end}` }).containerApiUrl,
      ENV.CONTAINER_API_URL,
    );
});

for (const [what, url] of [
  ['none', ''],
  ['no URL', 'api.example'],
  ['a WebSocket', 'wss://api.example'],
  ['a file', 'file:///etc/passwd'],
] as const) {
  identity(`has no address to call when it is ${what}`, () => {
    const [fault = '', ...others] = faultsOf({ CONTAINER_API_URL: url });
    assert.match(fault, /^CONTAINER_API_URL (is missing|must be a URL)/);
    assert.equal(others, []);
  });
}

for (const [what, keys, fault] of [
  ['text', 'PEM one', 'TOKEN_PUBLIC_KEYS must be JSON'],
  ['a list', '["PEM one"]', 'TOKEN_PUBLIC_KEYS must map key ids to PEM texts'],
  ['one text', '"PEM one"', 'TOKEN_PUBLIC_KEYS must map key ids to PEM texts'],
  ['a key with parts', '{"k1":{"pem":"PEM one"}}', 'TOKEN_PUBLIC_KEYS must map key ids to PEM texts'],
  ['one key of two', '{"k1":"PEM one","k2":2}', 'TOKEN_PUBLIC_KEYS must map key ids to PEM texts'],
  ['no key', '{}', 'TOKEN_PUBLIC_KEYS must map key ids to PEM texts'],
] as const) {
  identity(`believes nobody by keys that are ${what}, and does not repeat them`, () => {
    assert.equal(faultsOf({ TOKEN_PUBLIC_KEYS: keys }), [fault]);
  });
}

identity.run();
