import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { logEvent } from '../core/log/log-event.ts';
import { refuseOnSocket } from '../core/server/refusal.ts';
import { sessionAttributesOf } from '../core/tracing/tracing.ts';
import type { Connection } from './connections.ts';
import type { SessionRef } from './find-session.ts';
import { forwardUpgrade, type JoinedUpgrade } from './forward-upgrade.ts';
import { holdClient } from './hold-client.ts';
import type { RouterParts } from './router-parts.ts';
import type { Splice } from './splice.ts';
import { watchStall } from './watch-stall.ts';

/** One client's WebSocket, from its first byte to its last. */
export async function serveUpgrade(
  parts: RouterParts,
  request: IncomingMessage,
  client: Socket,
  head: Buffer,
): Promise<void> {
  client.on('error', () => undefined);
  const cameAtMs = parts.clock.now();
  const held = holdClient(client, head, parts.limits.maxEarlyBytes);
  const connection = parts.connections.open(held.abort);
  try {
    connection.assertOpen();
    const joined = await forwardUpgrade(request, client, held, { ...parts, connection });
    await carryToItsEnd(parts, client, joined, { connection, cameAtMs });
  } catch (error) {
    held.release();
    const refusal = parts.refusalFor(error, 'upgrade', connection.session);
    if (refusal === undefined) client.destroy();
    else refuseOnSocket(client, refusal);
  } finally {
    connection.close();
  }
}

async function carryToItsEnd(
  parts: RouterParts,
  client: Socket,
  { splice, session, traceparent }: JoinedUpgrade,
  { connection, cameAtMs }: { readonly connection: Connection; readonly cameAtMs: number },
): Promise<void> {
  const { clock, limits, metrics } = parts;
  const log = parts.logger.with({ ...session });
  const joinedAtMs = clock.now();
  parts.tracing
    .start('router.connect', {
      parent: traceparent,
      attributes: sessionAttributesOf(session),
      startAtMs: cameAtMs,
    })
    .end();
  connection.join(splice);
  metrics.countAnswer('upgrade', 101);
  logEvent(log, 'router.connected', { outcome: 'connected', durationMs: joinedAtMs - cameAtMs });
  const unwatch = watchStall(client, limits.stallMs, clock, () => void cutIfOver(parts, session, splice));
  const bytes = await splice.closed.finally(unwatch);
  metrics.countBytes(bytes);
  const durationMs = clock.now() - joinedAtMs;
  logEvent(log, 'router.disconnected', { outcome: 'disconnected', ...bytes, durationMs });
}

/** A client may be slow as long as its session lives; of an end it hears only when it reads. */
async function cutIfOver(
  { sessions, logger }: Pick<RouterParts, 'sessions' | 'logger'>,
  session: SessionRef,
  splice: Splice,
): Promise<void> {
  try {
    if (await sessions.isOver(session)) splice.cut();
  } catch (error) {
    logger.warn('whether a session is over is not known; it is asked again', { ...session, error });
  }
}
