import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../core/config/env.ts';
import { CONTAINER_STOP } from '../../core/domain/timing.ts';
import { HOST_VARIABLES, TIME_VARIABLES } from './host.ts';

const host = suite('what a container finds on its host');

const SHAPE = { ...HOST_VARIABLES, ...TIME_VARIABLES };
const read = (env: Readonly<Record<string, string>>) => readConfig(env, SHAPE);
const faultOf = (env: Readonly<Record<string, string>>): string => {
  try {
    read(env);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

host('needs nothing of its environment, and takes an empty variable for none', () => {
  const empty = Object.fromEntries(Object.values(SHAPE).map(([variable]) => [variable, '']));
  assert.equal(read(empty), read({}));
  assert.is(read({}).chromeUid, undefined);
});

host('gives a shutdown less time than ECS leaves before it kills', () => {
  assert.ok(read({}).shutdownTimeoutMs < CONTAINER_STOP.killAfterMs);
});

host('takes each variable for what its name says', () => {
  const values = { PROXY_HOST: '127.0.0.1', PROXY_PORT: '1', CHROME_PATH: '/c', SESSION_ROOT: '/r' };
  const { proxyHost, proxyPort, chromePath, sessionRoot } = read(values);
  assert.equal([proxyHost, proxyPort, chromePath, sessionRoot], ['127.0.0.1', 1, '/c', '/r']);
  const names = [
    'CONNECT_DEADLINE_MS',
    'IDLE_TIMEOUT_MS',
    'RECONNECT_GRACE_MS',
    'HEARTBEAT_INTERVAL_MS',
    'SHUTDOWN_TIMEOUT_MS',
  ];
  const times = read(Object.fromEntries(names.map((name, index) => [name, String(1_000 + index)])));
  assert.equal(
    [
      times.connectDeadlineMs,
      times.idleTimeoutMs,
      times.reconnectGraceMs,
      times.heartbeatIntervalMs,
      times.shutdownTimeoutMs,
    ],
    [1_000, 1_001, 1_002, 1_003, 1_004],
  );
});

host('may wait for nobody who was sent away, and listen on whatever port is free', () => {
  const { reconnectGraceMs, proxyPort } = read({ RECONNECT_GRACE_MS: '0', PROXY_PORT: '0' });
  assert.equal([reconnectGraceMs, proxyPort], [0, 0]);
});

host('may have every user id that Linux has, and none that it has not', () => {
  assert.is(read({ CHROME_UID: '4294967294' }).chromeUid, 4_294_967_294);
  for (const id of ['0', '-1', '4294967295', '1.5', '0x10', ' 7', 'chrome'])
    assert.match(faultOf({ CHROME_UID: id }), 'CHROME_UID must be a whole number from 1', id);
});

host.run();
