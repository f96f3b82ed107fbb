import { Agent, type AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dial } from './dial.ts';
import type { EgressLimits } from './limits.ts';

/** Connections for requests without TLS. They are kept for the next ones to the same site, as a browser would. */
export class SiteAgent extends Agent {
  readonly #dial: Dial;
  readonly #closing = new AbortController();

  constructor(dial: Dial, { idleSockets, idleMs }: Pick<EgressLimits, 'idleSockets' | 'idleMs'>) {
    super({ keepAlive: true, maxFreeSockets: idleSockets, timeout: idleMs } satisfies AgentOptions);
    this.#dial = dial;
  }

  override createConnection(
    { host = '', port = 80 }: { readonly host?: string; readonly port?: number | string },
    done: (error: Error | null, socket?: Duplex) => void,
  ): undefined {
    this.#dial({ host, port: Number(port) }, this.#closing.signal).then(
      (socket) => done(null, socket),
      (error: Error) => done(error),
    );
    return undefined;
  }

  override destroy(): void {
    this.#closing.abort();
    super.destroy();
  }
}
