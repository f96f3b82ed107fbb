import type { WebSocket } from 'ws';
import type { RelayLimits } from './limits.ts';

export interface ClientSenderOptions {
  readonly client: WebSocket;
  readonly limits: Pick<RelayLimits, 'highWaterBytes' | 'lowWaterBytes' | 'messageOverheadBytes'>;
  /** Closes the slowest clients until so many more bytes may wait. False: this client itself had to go. */
  readonly evictSlowest: (bytes: number) => boolean;
  readonly events: {
    /** So much waits for the client that it is behind. */
    onBehind(): void;
    onCaughtUp(): void;
  };
}

export interface ClientSender {
  send(message: Buffer): void;
  isBehind(): boolean;
  /** The memory that waits for the client to read it. */
  unsentBytes(): number;
}

/** Sends to the client, and notifies when it falls behind and when it has caught up. */
export function createClientSender({
  client,
  limits,
  evictSlowest,
  events,
}: ClientSenderOptions): ClientSender {
  const { highWaterBytes, lowWaterBytes, messageOverheadBytes } = limits;
  let waitingMessages = 0;
  let isBehind = false;

  const unsentBytes = () => client.bufferedAmount + waitingMessages * messageOverheadBytes;
  const onFlushed = () => {
    waitingMessages -= 1;
    if (!isBehind || unsentBytes() > lowWaterBytes) return;
    isBehind = false;
    events.onCaughtUp();
  };
  return {
    send(message) {
      // A socket that is closing drops the message by itself; its 'close' ends the relay.
      if (client.readyState !== client.OPEN) return;
      // Whoever is below the low water does not count: all of them together are no more than may wait.
      const moreBytes = message.length + messageOverheadBytes;
      if (unsentBytes() + moreBytes > lowWaterBytes && !evictSlowest(moreBytes)) return;
      // A small message to a client that has nothing unsent cannot fill it: no need to hear when it is through.
      const canFill = client.bufferedAmount > 0 || message.length > lowWaterBytes;
      if (canFill) waitingMessages += 1;
      client.send(message, { binary: false, compress: false }, canFill ? onFlushed : undefined);
      if (isBehind || unsentBytes() <= highWaterBytes) return;
      isBehind = true;
      events.onBehind();
    },
    isBehind: () => isBehind,
    unsentBytes,
  };
}
