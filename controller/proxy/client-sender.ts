import type { WebSocket } from 'ws';
import type { ChromeChannel } from '../chrome/channel.ts';
import type { ProxyLimits } from './limits.ts';

export interface ClientSenderOptions {
  readonly client: WebSocket;
  readonly chrome: Pick<ChromeChannel, 'setBehind'>;
  readonly limits: Pick<ProxyLimits, 'highWaterBytes' | 'lowWaterBytes'>;
  /** Makes room for so many more unsent bytes. False: this client itself had to go for it. */
  readonly makeRoom: (bytes: number) => boolean;
}

/** Sends to the client, and tells the channel when it falls behind and when it has caught up. */
export function createClientSender({
  client,
  chrome,
  limits,
  makeRoom,
}: ClientSenderOptions): (message: Buffer) => void {
  const { highWaterBytes, lowWaterBytes } = limits;
  const onFlushed = () => {
    if (client.bufferedAmount <= lowWaterBytes) chrome.setBehind(false);
  };
  return (message) => {
    // A socket that is closing drops the message by itself; its 'close' ends the relay.
    if (client.readyState !== client.OPEN) return;
    const unsentBytes = client.bufferedAmount + message.length;
    if (unsentBytes > highWaterBytes && !makeRoom(message.length)) return;
    // A small message to a client that has nothing unsent cannot fill it: no need to hear when it is through.
    const canFill = client.bufferedAmount > 0 || message.length > lowWaterBytes;
    client.send(message, { binary: false, compress: false }, canFill ? onFlushed : undefined);
    if (client.bufferedAmount > highWaterBytes) chrome.setBehind(true);
  };
}
