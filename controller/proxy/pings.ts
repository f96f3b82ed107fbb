import type { WebSocket } from 'ws';
import type { Clock } from '../../core/domain/clock.ts';

export interface PingOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** How long a client may answer nothing. */
  readonly silentMs: number;
  /** Whether its network is gone: nothing that was sent to it is acknowledged. */
  isUnacknowledged(): Promise<boolean>;
  /** It has been silent for too long, or is gone. */
  onSilent(): void;
}

/** A lost packet is sent again for a while before anybody is taken for gone. */
const MIN_MISSED = 2;

/**
 * Pings a client, so that no middle box forgets its connection. One that answers nothing may stand still, at a breakpoint
 * or in a long computation: it is let go only after minutes, or when its network is gone.
 */
export function startPings(
  client: WebSocket,
  socket: { readonly bytesRead: number },
  options: PingOptions,
): () => void {
  const { clock, intervalMs, silentMs } = options;
  let bytesRead = -1;
  let missed = 0;
  let wasPinged = true;
  let cancel = clock.setTimer(intervalMs, beat);

  function beat(): void {
    cancel = clock.setTimer(intervalMs, beat);
    const isSending = client.bufferedAmount > 0;
    missed = socket.bytesRead === bytesRead ? missed + 1 : 0;
    bytesRead = socket.bytesRead;
    // In the middle of a large message a slow client sees no ping, and who has just read one was not asked; whom the
    // proxy does not read cannot answer.
    const hadChance = wasPinged && !isSending && !client.isPaused;
    wasPinged = !isSending;
    const mayMissMs = hadChance ? silentMs : 2 * silentMs;
    if (missed * intervalMs >= mayMissMs) options.onSilent();
    else if (missed >= MIN_MISSED) void cutWhenGone();
    if (!isSending) client.ping();
  }

  async function cutWhenGone(): Promise<void> {
    if (await options.isUnacknowledged()) options.onSilent();
  }

  return () => cancel();
}
