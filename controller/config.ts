import { integer, json, optional, type Parser, readConfig, text, url } from '../core/config/env.ts';
import type { ContainerSettings } from '../core/domain/session.ts';
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

const isContext = (value: unknown): boolean =>
  value === null || (isObject(value) && typeof value.id === 'string' && typeof value.persist === 'boolean');

const isViewport = (value: unknown): boolean =>
  value === null || (isObject(value) && Number.isInteger(value.width) && Number.isInteger(value.height));

function containerSettings(value: unknown): ContainerSettings {
  if (!isObject(value)) throw new Error('must be an object');
  const faults = [
    ...(typeof value.expiresAt === 'string' && !Number.isNaN(Date.parse(value.expiresAt))
      ? []
      : ['expiresAt']),
    ...(typeof value.keepAlive === 'boolean' ? [] : ['keepAlive']),
    ...(isContext(value.context) ? [] : ['context']),
    ...(isViewport(value.viewport) ? [] : ['viewport']),
    ...(typeof value.ignoreCertificateErrors === 'boolean' ? [] : ['ignoreCertificateErrors']),
  ];
  if (faults.length > 0) throw new Error(`needs a usable ${faults.join(', ')}`);
  return value as unknown as ContainerSettings;
}

export type ControllerConfig = ReturnType<typeof readControllerConfig>;

export const readControllerConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readConfig(env, {
    sessionId: ['SESSION_ID', identifier()],
    projectId: ['PROJECT_ID', text()],
    controllerToken: ['CONTROLLER_TOKEN', text()],
    containerApiUrl: ['CONTAINER_API_URL', url('http:', 'https:')],
    publicKeys: ['TOKEN_PUBLIC_KEYS', json(publicKeys)],
    settings: ['SESSION_SETTINGS', json(containerSettings)],
    proxyHost: ['PROXY_HOST', optional(text(), '0.0.0.0')],
    proxyPort: ['PROXY_PORT', optional(integer({ min: 0, max: 65_535 }), 9223)],
    chromePath: ['CHROME_PATH', optional(text(), '/usr/bin/chromium')],
    sessionRoot: ['SESSION_ROOT', optional(text(), '/tmp/wallcrawler')],
    chromeUid: ['CHROME_UID', optional(integer({ min: 1, max: MAX_ID }), undefined)],
    chromeGid: ['CHROME_GID', optional(integer({ min: 1, max: MAX_ID }), undefined)],
    connectDeadlineMs: ['CONNECT_DEADLINE_MS', optional(integer({ min: 1, max: DAY_MS }), 300_000)],
    idleTimeoutMs: ['IDLE_TIMEOUT_MS', optional(integer({ min: 1, max: DAY_MS }), 600_000)],
    heartbeatIntervalMs: ['HEARTBEAT_INTERVAL_MS', optional(integer({ min: 10, max: DAY_MS }), 15_000)],
    reconnectGraceMs: ['RECONNECT_GRACE_MS', optional(integer({ min: 0, max: DAY_MS }), 60_000)],
    shutdownTimeoutMs: ['SHUTDOWN_TIMEOUT_MS', optional(integer({ min: 100, max: DAY_MS }), 110_000)],
  });
