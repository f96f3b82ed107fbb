import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { FIRST_SIDE, type ProxyAddress, sideHost, sideName } from '../chrome/flags.ts';
import type { Upstream } from './context-proxy.ts';
import { EGRESS_LIMITS } from './limits.ts';
import { type NetworkService, watchNetworkService } from './network-service.ts';

const MAX_SIDES = EGRESS_LIMITS.contextProxies;

const LOOPBACK = '127.0.0.1';
const NAME_BYTES = 16;

/** Where a session's browser knocks. Small, since Chrome waits for its port: what is behind it loads while Chrome starts. */
export class EgressDoor {
  readonly #connections = new Set<Socket>();
  readonly #maxConnections: number;
  #server: Server | undefined;
  #serve: ((socket: Socket, upstream: Upstream | null) => void) | undefined;
  #address: ProxyAddress | undefined;
  /** Of the same port, each on a loopback address of its own, by what it stands for. */
  readonly #sides = new Map<string, Server>();
  readonly #networkService: NetworkService;
  #onForgotten: (() => void) | undefined;
  #hasForgotten = false;

  constructor(maxConnections: number, networkService = watchNetworkService()) {
    this.#maxConnections = maxConnections;
    this.#networkService = networkService;
  }

  /** A port for one Chrome, under a name that nobody guesses. The one before is shut, with all that went through it. */
  async listen(): Promise<ProxyAddress> {
    this.#shut();
    const server = this.#createServer(null);
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, LOOPBACK, resolve);
    });
    const { port } = server.address() as AddressInfo;
    this.#address = {
      name: `wc-${randomBytes(NAME_BYTES).toString('hex')}`,
      host: LOOPBACK,
      port,
      // Elsewhere than on Linux there is one loopback address.
      sides: process.platform === 'linux' ? MAX_SIDES : 0,
    };
    return this.#address;
  }

  /**
   * For the contexts of one upstream: what Chrome is to be told, of which it knew the name at its launch. Undefined when
   * there are too many. It is bound before Chrome can ask.
   */
  sideOf(upstream: Upstream | null): string | undefined {
    const address = this.#address;
    if (address === undefined) return undefined;
    const { name, port } = address;
    if (upstream === null) return `http://${name}:${port}`;
    const key = JSON.stringify(upstream);
    const known = [...this.#sides.keys()].indexOf(key);
    const side = FIRST_SIDE + (known === -1 ? this.#sides.size : known);
    if (known === -1) {
      if (this.#sides.size >= address.sides) return undefined;
      const server = this.#createServer(upstream);
      // Whose connections fail, then.
      server.on('error', () => undefined);
      server.listen(port, sideHost(side));
      this.#sides.set(key, server);
      this.#networkService.note(name);
    }
    return `http://${sideName(name, side)}:${port}`;
  }

  /**
   * Until then, who knocks is sent away. `onForgotten`: Chrome knows no more which contexts have a proxy of their own. It gets
   * out no more: what one of those asks for would go by none.
   */
  open(serve: (socket: Socket, upstream: Upstream | null) => void, onForgotten: () => void): void {
    this.#serve = serve;
    this.#onForgotten = onForgotten;
  }

  close(): void {
    this.#serve = undefined;
    this.#shut();
  }

  get connections(): number {
    return this.#connections.size;
  }

  #shut(): void {
    for (const server of [this.#server, ...this.#sides.values()]) server?.close();
    this.#server = undefined;
    this.#address = undefined;
    this.#sides.clear();
    this.#networkService.forget();
    this.#hasForgotten = false;
    for (const socket of this.#connections) socket.destroy();
  }

  #createServer(upstream: Upstream | null): Server {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      const isOpen = server === this.#server || [...this.#sides.values()].includes(server);
      if (isOpen) this.#admit(socket, upstream);
      else socket.destroy();
    });
    return server;
  }

  #admit(socket: Socket, upstream: Upstream | null): void {
    const isFull = this.#connections.size >= this.#maxConnections;
    this.#look();
    if (this.#serve === undefined || isFull || this.#hasForgotten) return void socket.destroy();
    this.#connections.add(socket);
    socket.once('close', () => this.#connections.delete(socket));
    this.#serve(socket, upstream);
  }

  /** Before anything of it is let out. */
  #look(): void {
    const name = this.#address?.name;
    if (name === undefined || this.#sides.size === 0 || this.#hasForgotten) return;
    if (this.#networkService.isTheSame(name)) return;
    this.#hasForgotten = true;
    this.#onForgotten?.();
  }
}
