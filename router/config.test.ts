import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readRouterConfig } from './config.ts';

const config = suite('readRouterConfig');

config('needs two names and has a default for the rest', () => {
  const read = readRouterConfig({ SESSIONS_TABLE: 'sessions', PUBLIC_KEYS_TABLE: 'keys' });
  assert.equal(read, {
    host: '0.0.0.0',
    port: 8080,
    sessionsTable: 'sessions',
    publicKeysTable: 'keys',
    publicOrigin: undefined,
    readyWaitMs: 50_000,
    drainMs: 110_000,
    maxSockets: 2_000,
    metadataUri: null,
    maxWaiting: 500,
  });
});

config('names every fault at once, and no value', () => {
  assert.throws(
    () => readRouterConfig({ PUBLIC_KEYS_TABLE: '', PORT: 'sekrit', READY_WAIT_MS: '60001' }),
    (error: Error) =>
      /SESSIONS_TABLE is missing; PUBLIC_KEYS_TABLE is missing; /.test(error.message) &&
      /PORT must be .*READY_WAIT_MS must be/.test(error.message) &&
      !/sekrit/.test(error.message),
  );
});

config.run();
