import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { forwardedHeaders } from '../core/server/forwarded-headers.ts';
import { isWebSocketUpgrade } from '../core/server/is-web-socket-upgrade.ts';
import type { Place, SessionRef } from './find-session.ts';
import type { ForwardDeps } from './forward-request.ts';
import type { HeldClient } from './hold-client.ts';
import { awaitAnswer, connectToContainer, upgradeHead } from './open-upstream.ts';
import { readTarget } from './read-target.ts';
import { REFUSALS, RefusedError } from './refusals.ts';
import { type Splice, splice } from './splice.ts';

export interface JoinedUpgrade {
  readonly splice: Splice;
  readonly session: SessionRef & Pick<Place, 'requestId'>;
  /** Of the session's create, where it is traced. */
  readonly traceparent: string | undefined;
}

/**
 * Takes an upgrade to its session's container and joins the two sockets there. The container answers the handshake: the
 * router never speaks WebSocket. Throws a RefusedError, or the reason for which `held` was aborted.
 */
export async function forwardUpgrade(
  request: IncomingMessage,
  client: Socket,
  held: HeldClient,
  { authenticate, sessions, connection, limits, clock }: ForwardDeps,
): Promise<JoinedUpgrade> {
  if (!isWebSocketUpgrade(request)) throw new RefusedError(REFUSALS.notAnUpgrade);
  const target = readTarget(request.url ?? '');
  if (target === null || target.audience === 'claim' || target.audience === 'upload')
    throw new RefusedError(REFUSALS.unknownPath);
  const session = await authenticate(target);
  connection.takeSlot(session, 'socket');
  const { requestId, traceparent, ...address } = await sessions.find(session, held.signal);
  const timing = { ...limits, clock };
  const upstream = await connectToContainer(address, held.signal, timing);
  upstream.write(upgradeHead(target.path, address, forwardedHeaders(request, client.remoteAddress ?? '')));
  await awaitAnswer(upstream, held.signal, timing);
  const early = held.release();
  if (early.length > 0) upstream.write(early);
  client.setNoDelay(true).setKeepAlive(true, limits.keepAliveMs);
  const ids = { ...session, ...(requestId === undefined ? {} : { requestId }) };
  return { session: ids, traceparent, splice: splice(client, upstream, timing) };
}
