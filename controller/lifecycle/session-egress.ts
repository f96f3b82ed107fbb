import type { Clock } from '../../core/domain/clock.ts';
import type { ContainerSettings } from '../../core/domain/container-settings.ts';
import type { ProxyRoute } from '../../core/domain/proxies.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { Egress, Host } from '../assignment/host.ts';
import type { ProxyAddress } from '../chrome/flags.ts';
import type { AdHosts } from '../egress/ad-hosts.ts';
import { readContextProxy } from '../egress/context-proxy.ts';
import type { SessionGuard } from '../egress/create-guard.ts';
import { EgressDoor } from '../egress/door.ts';
import { EGRESS_LIMITS } from '../egress/limits.ts';
import type { Emit } from '../events/event-reporter.ts';
import type { ContextProxyOf } from '../relay/rewrite-command.ts';
import type { SessionEnd } from './end-decision.ts';

/** Of CDP: a command that cannot be done. */
const NOT_TAKEN = -32000;
const TOO_MANY = `The contexts of one browser have ${EGRESS_LIMITS.contextProxies} different proxies at most, and on Linux only`;

const FORGOTTEN =
  "Chrome's network service ended, and the new one does not know the proxies of the client's contexts";

/** A machine whose owner has no guard lets a browser go everywhere, which has one for its session's own sake. */
const UNGUARDED: Egress = { allowedNetworks: ['0.0.0.0/0', '::/0'], connectOrigin: undefined };

interface EgressOptions {
  readonly host: Pick<Host, 'egress' | 'adHostsFile'>;
  /** Where they are known already. */
  readonly settings?: EgressSettings | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What of a session's settings is kept at its browser's way out. */
type EgressSettings = Pick<ContainerSettings, 'hasProxies' | 'blockAds'>;

export const needsEgress = ({ hasProxies, blockAds }: EgressSettings): boolean => hasProxies || blockAds;

/** Undefined where the browser goes out by itself. */
export function openEgress({ host, settings, ...deps }: EgressOptions): SessionEgress | undefined {
  const isNeeded = settings !== undefined && needsEgress(settings);
  const egress = host.egress ?? (isNeeded ? UNGUARDED : undefined);
  return egress === undefined ? undefined : new SessionEgress(egress, { host, ...deps });
}

type GuardDeps = Pick<EgressOptions, 'host' | 'clock' | 'logger'>;

/** Of a session, whose browser is let out. */
export interface OpenEgress {
  readonly proxies: readonly ProxyRoute[];
  readonly blockAds: boolean;
  readonly emit: Emit;
  readonly end: Pick<SessionEnd, 'decide'>;
}

/** The way out of a session's browser: shut until the session is known. */
export class SessionEgress {
  readonly #door = new EgressDoor(EGRESS_LIMITS.connections);
  readonly #egress: Egress;
  readonly #deps: GuardDeps;
  /** While Chrome starts, which waits for the door alone. */
  readonly #loading = import('../egress/create-guard.ts');
  #guard: SessionGuard | undefined;

  constructor(egress: Egress, deps: GuardDeps) {
    this.#egress = egress;
    this.#deps = deps;
    // Who opens it hears of it.
    this.#loading.catch(() => undefined);
  }

  /** For one Chrome; the one before gets out no more. */
  listen(): Promise<ProxyAddress> {
    return this.#door.listen();
  }

  /** What Chrome is told of a proxy that a client names for a context of its own. */
  readonly contextProxy = (server: string, bypassList: string): ReturnType<ContextProxyOf> => {
    const read = readContextProxy(server, bypassList);
    if ('fault' in read) return { refusal: { code: NOT_TAKEN, message: read.fault } };
    const proxyServer = this.#door.sideOf(read.upstream);
    if (proxyServer === undefined) return { refusal: { code: NOT_TAKEN, message: TOO_MANY } };
    return { proxyServer, proxyBypassList: '<-loopback>' };
  };

  /** From now on its browser gets out, by these proxies, and the session's events say where it does not. */
  async open({ proxies, blockAds, emit, end }: OpenEgress): Promise<void> {
    const { host, clock, logger } = this.#deps;
    const { createGuard } = await this.#loading;
    const adHosts = blockAds ? await loadAds(host.adHostsFile) : undefined;
    const opened = createGuard({
      ...this.#egress,
      proxies,
      adHosts,
      clock,
      onRefused(refusal) {
        const { reason, ...destination } = refusal;
        logEvent(logger, 'egress.refused', { outcome: reason, ...destination });
        emit('egress.refused', { ...refusal });
      },
      onProxyFailed(failure) {
        logger.info('a proxy led nowhere', { ...failure });
        emit('proxy.failed', { ...failure });
      },
    });
    this.#guard = opened;
    this.#door.open(
      (socket, upstream) => opened.guard.serve(socket, upstream),
      () => {
        emit('browser.crashed', { detail: FORGOTTEN });
        end.decide('browser_crashed', FORGOTTEN);
      },
    );
  }

  /** Through the session's proxies so far; undefined where it has none. */
  get proxyBytes(): number | undefined {
    return this.#guard?.meter?.bytes;
  }

  close(): void {
    this.#door.close();
    this.#guard?.guard.close();
  }
}

async function loadAds(file: string | undefined): Promise<AdHosts> {
  const { loadAdHosts } = await import('../egress/ad-hosts.ts');
  return loadAdHosts(file);
}
