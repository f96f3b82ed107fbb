/**
 * What of a create's wishes its container acts on: one row for each setting, with where it comes from and what is usable.
 * Both ends import it: the function that creates a session, and the controller that is assigned to it.
 *
 * A new setting is a row here, a property in functions/openapi.json, and the file in controller/ that acts on it.
 */
import { areAllowedDomains, readAllowedDomains } from './allowed-domains.ts';
import { MAX_CERTIFICATES_OF_A_SESSION } from './certificate-limits.ts';
import { isObject } from './is-object.ts';
import type { Session } from './session.ts';
import { LONGEST_MS, SESSION_IDLE_TIMEOUT } from './timing.ts';

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** In CSS pixels: what a session has that asks for none, and for a side that is missing or 0. */
export const DEFAULT_VIEWPORT: Viewport = { width: 1288, height: 711 };
export const MAX_VIEWPORT_SIDE = 8_192;

/** A session that is being created, and the `browserSettings` of its request, which have passed the contract. */
export interface SettingsSource {
  readonly session: Pick<
    Session,
    | 'expiresAt'
    | 'keepAlive'
    | 'contextId'
    | 'persistContext'
    | 'extensionId'
    | 'certificateIds'
    | 'sealedProxies'
    | 'connectDeadlineMs'
    | 'recordSession'
    | 'requestId'
    | 'traceparent'
  >;
  readonly browserSettings: BrowserSettings;
}

export interface BrowserSettings extends Readonly<Record<string, unknown>> {
  readonly context?: { readonly id: string; readonly persist?: boolean };
  readonly viewport?: Partial<Viewport>;
  readonly ignoreCertificateErrors?: boolean;
  readonly allowedDomains?: readonly string[];
  readonly blockAds?: boolean;
  readonly logSession?: boolean;
  readonly recordSession?: boolean;
  /** Seconds. */
  readonly idleTimeout?: number;
  /** Of the container: a name of the installation's task sizes. The container itself need not know. */
  readonly taskSize?: string;
}

/** What asked for a session, as every line and every span about it says. */
export interface Origin {
  readonly requestId: string | null;
  readonly traceparent: string | null;
}

interface Setting<Value> {
  readonly from: (source: SettingsSource) => Value;
  readonly isUsable: (value: unknown) => value is Value;
}

const setting = <Value>(row: Setting<Value>): Setting<Value> => row;

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const { minSeconds, maxSeconds } = SESSION_IDLE_TIMEOUT;
const isIdleTimeout = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= minSeconds * 1000 && Number(value) <= maxSeconds * 1000;
const isConnectDeadline = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LONGEST_MS;
const isOrigin = (value: unknown): value is Origin =>
  isObject(value) &&
  [value.requestId, value.traceparent].every((part) => part == null || typeof part === 'string');
const isSide = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_VIEWPORT_SIDE;

const SETTINGS = {
  /** The deadline, ISO 8601. */
  expiresAt: setting<string>({
    from: ({ session }) => session.expiresAt,
    isUsable: (value): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  }),
  keepAlive: setting<boolean>({ from: ({ session }) => session.keepAlive, isUsable: isBoolean }),
  /** The profile to start with, and whether it is saved at the end; null starts empty. */
  context: setting<{ readonly id: string; readonly persist: boolean } | null>({
    from: ({ session: { contextId, persistContext = false } }) =>
      contextId === undefined ? null : { id: contextId, persist: persistContext },
    isUsable: (value): value is { id: string; persist: boolean } | null =>
      value === null || (isObject(value) && typeof value.id === 'string' && isBoolean(value.persist)),
  }),
  /** The extension that is loaded before a client comes; null: none. */
  extensionId: setting<string | null>({
    from: ({ session }) => session.extensionId ?? null,
    isUsable: (value): value is string | null => value === null || typeof value === 'string',
  }),
  /** The certificates of authorities that the browser trusts, beside those it knows. */
  certificateIds: setting<readonly string[]>({
    from: ({ session }) => session.certificateIds ?? [],
    isUsable: (value): value is readonly string[] =>
      Array.isArray(value) &&
      value.length <= MAX_CERTIFICATES_OF_A_SESSION &&
      value.every((id) => typeof id === 'string'),
  }),
  /** Whether it goes out by proxies. Which, its container asks: their credentials are in no environment. */
  hasProxies: setting<boolean>({
    from: ({ session }) => session.sealedProxies !== undefined,
    isUsable: isBoolean,
  }),
  viewport: setting<Viewport>({
    from: ({ browserSettings: { viewport = {} } }) => ({
      width: viewport.width || DEFAULT_VIEWPORT.width,
      height: viewport.height || DEFAULT_VIEWPORT.height,
    }),
    isUsable: (value): value is Viewport => isObject(value) && isSide(value.width) && isSide(value.height),
  }),
  ignoreCertificateErrors: setting<boolean>({
    from: ({ browserSettings }) => browserSettings.ignoreCertificateErrors ?? false,
    isUsable: isBoolean,
  }),
  /** Whether its browser asks hosts of advertisements for nothing. */
  blockAds: setting<boolean>({
    from: ({ browserSettings }) => browserSettings.blockAds ?? false,
    isUsable: isBoolean,
  }),
  /** The domains that its pages may go to; empty: wherever they like. */
  allowedDomains: setting<readonly string[]>({
    from: ({ browserSettings }) => readAllowedDomains(browserSettings.allowedDomains ?? []),
    isUsable: areAllowedDomains,
  }),
  /** Whether what its clients ask and what happens in its pages is stored. */
  logSession: setting<boolean>({
    from: ({ browserSettings }) => browserSettings.logSession ?? true,
    isUsable: isBoolean,
  }),
  /** Whether the page that its clients speak to is filmed. */
  recordSession: setting<boolean>({
    from: ({ session }) => session.recordSession ?? false,
    isUsable: isBoolean,
  }),
  /** How long its clients may send nothing; null: the platform's own limit, and none where it is kept alive. */
  idleTimeoutMs: setting<number | null>({
    from: ({ browserSettings: { idleTimeout } }) => (idleTimeout === undefined ? null : idleTimeout * 1000),
    isUsable: (value): value is number | null => value === null || isIdleTimeout(value),
  }),
  /** How long its first client may take; null: the platform's usual time. */
  connectDeadlineMs: setting<number | null>({
    from: ({ session }) => session.connectDeadlineMs ?? null,
    isUsable: (value): value is number | null => value === null || isConnectDeadline(value),
  }),
  /** Nothing that the session does depends on it: one that does not say it, as before there was one, is as good. */
  origin: setting<Origin | null | undefined>({
    from: ({ session: { requestId = null, traceparent = null } }) => ({ requestId, traceparent }),
    isUsable: (value): value is Origin | null | undefined => value == null || isOrigin(value),
  }),
} as const;

type Table = typeof SETTINGS;

/** The settings of one session; JSON on their way. */
export type ContainerSettings = {
  readonly [Name in keyof Table]: ReturnType<Table[Name]['from']>;
};

/** The settings that a session's request comes to. */
export const settingsOf = (source: SettingsSource): ContainerSettings =>
  Object.fromEntries(
    Object.entries(SETTINGS).map(([name, { from }]) => [name, from(source)]),
  ) as unknown as ContainerSettings;

/** Settings as they came from elsewhere. Throws one Error that names every setting which is missing or unusable. */
export function parseSettings(value: unknown): ContainerSettings {
  if (!isObject(value)) throw new Error('must be an object');
  const faults = Object.entries(SETTINGS)
    .filter(([name, { isUsable }]) => !isUsable(value[name]))
    .map(([name]) => name);
  if (faults.length > 0) throw new Error(`needs a usable ${faults.join(', ')}`);
  return value as unknown as ContainerSettings;
}
