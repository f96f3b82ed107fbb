import { integer, list, oneOf, optional, text, url } from '../../core/config/env.ts';
import { CAPACITY_PROVIDERS } from '../../core/domain/capacity-provider.ts';
import { CONTAINER_STOP, HEARTBEAT, LONGEST_MS, SESSION_DEADLINES } from '../../core/domain/timing.ts';
import type { ChromeUser } from '../chrome/launch.ts';

const MAX_USER_ID = 4_294_967_294;

const userId = () => optional(integer({ min: 1, max: MAX_USER_ID }), undefined);
const port = (fallback: number) => optional(integer({ min: 0, max: 65_535 }), fallback);
/** A time of the platform, which only a test or one machine sets otherwise. */
const time = (standardMs: number, minMs = 1) =>
  optional(integer({ min: minMs, max: LONGEST_MS }), standardMs);

/** What a container finds on its host, whichever session it works for. */
export interface Host {
  readonly proxyHost: string;
  readonly proxyPort: number;
  readonly chromePath: string;
  /** What `--version` says, where whoever started us has asked already. */
  readonly chromeVersion?: string | undefined;
  /** Undefined: Chrome runs as the controller's own user. */
  readonly chromeUser: ChromeUser | undefined;
  /** The folder in which the session's own is made. */
  readonly sessionRoot: string;
  /** Whether AWS may take the container back: on Spot. */
  readonly isReclaimable: boolean;
  /** Undefined: Chrome goes out by itself. */
  readonly egress?: Egress | undefined;
  /** A list of the hosts of advertisements; undefined: there is none. */
  readonly adHostsFile?: string | undefined;
  readonly times: HostTimes;
}

/** Where a guarded browser gets beside the public network. */
export interface Egress {
  /** Networks of the owner's, such as `10.1.0.0/16`. */
  readonly allowedNetworks: readonly string[];
  /** Where the session's own clients connect. */
  readonly connectOrigin: string | undefined;
}

export interface HostTimes {
  readonly connectDeadlineMs: number;
  readonly idleTimeoutMs: number;
  readonly reconnectGraceMs: number;
  readonly heartbeatIntervalMs: number;
  readonly shutdownTimeoutMs: number;
}

export const HOST_VARIABLES = {
  proxyHost: ['PROXY_HOST', optional(text(), '0.0.0.0')],
  proxyPort: ['PROXY_PORT', port(9223)],
  chromePath: ['CHROME_PATH', optional(text(), '/usr/bin/chromium')],
  chromeVersion: ['CHROME_VERSION', optional(text(), undefined)],
  sessionRoot: ['SESSION_ROOT', optional(text(), '/tmp/wallcrawler')],
  capacityProvider: ['CAPACITY_PROVIDER', optional(oneOf(...CAPACITY_PROVIDERS), undefined)],
  egressGuard: ['EGRESS_GUARD', optional(oneOf('0', '1'), '1')],
  allowedNetworks: ['ALLOWED_NETWORKS', optional(list(), [])],
  connectOrigin: ['PUBLIC_CONNECT_ORIGIN', optional(url('ws:', 'wss:'), undefined)],
  adHostsFile: ['AD_HOSTS_FILE', optional(text(), undefined)],
  chromeUid: ['CHROME_UID', userId()],
  chromeGid: ['CHROME_GID', userId()],
} as const;

export const TIME_VARIABLES = {
  connectDeadlineMs: ['CONNECT_DEADLINE_MS', time(SESSION_DEADLINES.connectMs)],
  idleTimeoutMs: ['IDLE_TIMEOUT_MS', time(SESSION_DEADLINES.idleMs)],
  reconnectGraceMs: ['RECONNECT_GRACE_MS', time(SESSION_DEADLINES.reconnectGraceMs, 0)],
  heartbeatIntervalMs: ['HEARTBEAT_INTERVAL_MS', time(HEARTBEAT.intervalMs, 10)],
  shutdownTimeoutMs: ['SHUTDOWN_TIMEOUT_MS', time(CONTAINER_STOP.shutdownMs, 100)],
} as const;
