import type { Socket } from 'node:net';

/** What goes through a session's proxies, in bytes on the wire, both ways. */
export class ProxyMeter {
  readonly #live = new Set<Socket>();
  #closedBytes = 0;

  /** Of a connection to a proxy. */
  add(socket: Socket): void {
    this.#live.add(socket);
    socket.once('close', () => {
      this.#live.delete(socket);
      this.#closedBytes += bytesOf(socket);
    });
  }

  get bytes(): number {
    return [...this.#live].reduce((sum, socket) => sum + bytesOf(socket), this.#closedBytes);
  }
}

const bytesOf = ({ bytesRead, bytesWritten }: Socket): number => bytesRead + bytesWritten;
