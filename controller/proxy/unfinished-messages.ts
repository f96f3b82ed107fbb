import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** A client whose messages ws keeps until they are whole. */
export interface Sender {
  readonly client: WebSocket;
  readonly socket: Socket;
  /** It has sent most of what is not whole, when that became too much. */
  readonly onTooMuch: () => void;
}

export interface UnfinishedMessages {
  watch(sender: Sender): void;
}

/**
 * Keeps what clients have sent of messages that are not whole yet below `maxBytes` for all of them together: each may have as
 * much as the largest message, and a session may have hundreds of clients. Whoever has sent most goes.
 */
export function createUnfinishedMessages({ maxBytes }: { readonly maxBytes: number }): UnfinishedMessages {
  const bytesOf = new Map<Sender, number>();
  let totalBytes = 0;

  const set = (sender: Sender, bytes: number) => {
    totalBytes += bytes - (bytesOf.get(sender) ?? 0);
    bytesOf.set(sender, bytes);
  };
  const forget = (sender: Sender) => {
    set(sender, 0);
    bytesOf.delete(sender);
  };
  const dropLargest = () => {
    const [largest] = [...bytesOf].reduce((most, each) => (each[1] > most[1] ? each : most));
    forget(largest);
    largest.onTooMuch();
    // What it has sent stays in memory for as long as its socket is there: the close frame is all that it waits for.
    setImmediate(() => largest.client.terminate());
  };

  return {
    watch(sender) {
      const { client, socket } = sender;
      bytesOf.set(sender, 0);
      socket.on('data', (chunk) => {
        if (!bytesOf.has(sender)) return;
        set(sender, (bytesOf.get(sender) ?? 0) + chunk.length);
        if (totalBytes > maxBytes) dropLargest();
      });
      // The chunk that ends a message may hold the beginning of the next one: 64 KiB at most are not counted.
      client.on('message', () => {
        if (bytesOf.has(sender)) set(sender, 0);
      });
      client.once('close', () => {
        if (bytesOf.has(sender)) forget(sender);
      });
    },
  };
}
