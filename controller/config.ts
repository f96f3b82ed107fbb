import { integer, json, optional, type Parser, readConfig, text, url } from '../core/config/env.ts';
import { parseSettings } from '../core/domain/container-settings.ts';
import { CONTAINER_STOP, HEARTBEAT, SESSION_DEADLINES } from '../core/domain/timing.ts';
import type { PublicKeys } from '../core/tokens/tokens.ts';

const MAX_ID = 4_294_967_294;
const DAY_MS = 86_400_000;

/** An id that is safe as the name of a folder. */
const identifier = (): Parser<string> => (raw) => {
  const value = text()(raw);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(value)) throw new Error('must be letters, digits, "-" and "_" only');
  return value;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function publicKeys(value: unknown): PublicKeys {
  const isUsable =
    isObject(value) &&
    Object.values(value).length > 0 &&
    Object.values(value).every((pem) => typeof pem === 'string');
  if (!isUsable) throw new Error('must map key ids to PEM texts');
  return value as PublicKeys;
}

export type ControllerConfig = ReturnType<typeof readControllerConfig>;

export const readControllerConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readConfig(env, {
    sessionId: ['SESSION_ID', identifier()],
    projectId: ['PROJECT_ID', text()],
    controllerToken: ['CONTROLLER_TOKEN', text()],
    containerApiUrl: ['CONTAINER_API_URL', url('http:', 'https:')],
    publicKeys: ['TOKEN_PUBLIC_KEYS', json(publicKeys)],
    settings: ['SESSION_SETTINGS', json(parseSettings)],
    proxyHost: ['PROXY_HOST', optional(text(), '0.0.0.0')],
    proxyPort: ['PROXY_PORT', optional(integer({ min: 0, max: 65_535 }), 9223)],
    chromePath: ['CHROME_PATH', optional(text(), '/usr/bin/chromium')],
    sessionRoot: ['SESSION_ROOT', optional(text(), '/tmp/wallcrawler')],
    chromeUid: ['CHROME_UID', optional(integer({ min: 1, max: MAX_ID }), undefined)],
    chromeGid: ['CHROME_GID', optional(integer({ min: 1, max: MAX_ID }), undefined)],
    connectDeadlineMs: [
      'CONNECT_DEADLINE_MS',
      optional(integer({ min: 1, max: DAY_MS }), SESSION_DEADLINES.connectMs),
    ],
    idleTimeoutMs: ['IDLE_TIMEOUT_MS', optional(integer({ min: 1, max: DAY_MS }), SESSION_DEADLINES.idleMs)],
    heartbeatIntervalMs: [
      'HEARTBEAT_INTERVAL_MS',
      optional(integer({ min: 10, max: DAY_MS }), HEARTBEAT.intervalMs),
    ],
    reconnectGraceMs: [
      'RECONNECT_GRACE_MS',
      optional(integer({ min: 0, max: DAY_MS }), SESSION_DEADLINES.reconnectGraceMs),
    ],
    shutdownTimeoutMs: [
      'SHUTDOWN_TIMEOUT_MS',
      optional(integer({ min: 100, max: DAY_MS }), CONTAINER_STOP.shutdownMs),
    ],
  });
