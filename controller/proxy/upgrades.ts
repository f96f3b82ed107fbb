import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../core/domain/clock.ts';
import type { Logger } from '../../core/log/logger.ts';
import { createRateLimit } from '../../core/server/rate-limit.ts';
import type { Refusal } from '../../core/server/refusal.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { ChromeChannel } from '../chrome/channel.ts';
import { type ChromeConnection, ChromeRefusedError } from '../chrome/connection.ts';
import { type Access, authorizeUpgrade, type Grant } from './authorize-upgrade.ts';
import type { ClientTable } from './clients.ts';
import type { ProxyLimits } from './limits.ts';
import { REFUSALS } from './refusals.ts';
import type { RefuseUpgrade } from './refuse-upgrade.ts';

/** A handshake that may be answered, and its client's channel to Chrome. */
export interface AuthenticatedUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly grant: Grant;
  /** null: a live view, whose page the hub has. */
  readonly chrome: ChromeChannel | null;
}

export interface UpgradeDeps {
  readonly access: () => Access;
  readonly limits: ProxyLimits;
  readonly logger: Logger;
  readonly refuse: RefuseUpgrade;
  readonly clock: Clock;
  readonly clients: Pick<ClientTable, 'size'>;
  readonly isEnding: () => boolean;
  /** Chrome, when it is there. */
  readonly ready: () => Promise<Pick<ChromeConnection, 'openChannel'>>;
  /** The probe's key has been used. */
  spendProbeKey(): void;
  /** Answers the handshake. */
  accept(upgrade: AuthenticatedUpgrade): void;
}

type Outcome<T> = T | { readonly refusal: Refusal };

/** Every WebSocket handshake on the port: a token, a connection slot, a channel to Chrome, or a refusal. */
export function createUpgradeHandler(deps: UpgradeDeps) {
  const { access, limits, logger, refuse, clients, isEnding } = deps;
  const rate = createRateLimit({
    burst: limits.upgradeBurst,
    perSecond: limits.upgradesPerSecond,
    clock: deps.clock,
  });

  function authenticate(request: IncomingMessage): Outcome<{ grant: Grant }> {
    const decision = authorizeUpgrade(request, access());
    if ('refusal' in decision) return decision;
    if (isEnding()) return { refusal: REFUSALS.ending };
    if (decision.grant.kind === 'probe') {
      deps.spendProbeKey();
      return decision;
    }
    if (clients.size() >= limits.maxSockets) return { refusal: REFUSALS.tooManySockets };
    return rate.take() ? decision : { refusal: REFUSALS.tooManyUpgrades };
  }

  function enter(upgrade: AuthenticatedUpgrade): void {
    if (isEnding() || upgrade.socket.destroyed) {
      upgrade.chrome?.close();
      refuse(upgrade.socket, REFUSALS.ending);
    } else deps.accept(upgrade);
  }

  return async (request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> => {
    const onEarlyError = (error: Error) => socket.destroy(error);
    socket.on('error', onEarlyError);
    try {
      const decision = authenticate(request);
      if ('refusal' in decision) return refuse(socket, decision.refusal);
      const opened = await openChannel(deps, decision.grant);
      if ('refusal' in opened) return refuse(socket, opened.refusal);
      enter({ request, socket, head, grant: decision.grant, chrome: opened.chrome });
      socket.off('error', onEarlyError);
    } catch (error) {
      logger.error('an upgrade failed', { error });
      refuse(socket, REFUSALS.chromeSilent);
    }
  };
}

/**
 * Chrome's side is opened before the client's handshake is answered: a page that does not exist is a 404, and no
 * message of a client can arrive before there is somewhere to send it.
 */
async function openChannel(
  { limits, logger, isEnding, ready }: UpgradeDeps,
  { pageId, isCast }: Grant,
): Promise<Outcome<{ chrome: ChromeChannel | null }>> {
  const connection = await withTimeout(ready(), limits.maxReadyWaitMs);
  if (isEnding()) return { refusal: REFUSALS.ending };
  if (connection === undefined) return { refusal: REFUSALS.chromeNotReady };
  if (isCast) return { chrome: null };
  try {
    return { chrome: await connection.openChannel(pageId) };
  } catch (error) {
    if (error instanceof ChromeRefusedError && pageId !== null) return { refusal: REFUSALS.unknownPage };
    if (isEnding()) return { refusal: REFUSALS.ending };
    logger.warn('Chrome did not accept a connection', { error });
    return { refusal: REFUSALS.chromeSilent };
  }
}
