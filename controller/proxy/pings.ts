import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../../core/domain/clock.ts';

// A slow client in the middle of a 256 MB message can neither see a ping nor answer it; TCP is trying meanwhile.
const MAX_MISSED_UNASKED = 20;

/** Pings a client, so that no middle box forgets its connection, and cuts it when it has sent nothing since the last one. */
export function startPings(
  client: WebSocket,
  socket: Pick<Socket, 'bytesRead'>,
  { clock, intervalMs }: { clock: Clock; intervalMs: number },
): () => void {
  let bytesRead = -1;
  let missed = 0;
  let wasPinged = false;
  let cancel = clock.setTimer(intervalMs, beat);

  function beat(): void {
    cancel = clock.setTimer(intervalMs, beat);
    const isSending = client.bufferedAmount > 0;
    missed = socket.bytesRead === bytesRead ? missed + 1 : 0;
    bytesRead = socket.bytesRead;
    // Whom the proxy does not read cannot show that it is alive; who has just read a large message was not asked to.
    const hadChance = wasPinged && !isSending && !client.isPaused;
    wasPinged = !isSending;
    if (missed > (hadChance ? 0 : MAX_MISSED_UNASKED)) client.terminate();
    else if (!isSending) client.ping();
  }

  return () => cancel();
}
