import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../core/domain/clock.ts';
import type { ProxyServer } from '../../core/domain/proxies.ts';
import type { AllowedNetworks } from '../../core/public-network/public-address.ts';
import { PublicNetworkError } from '../../core/public-network/public-network-error.ts';
import { isRefusedPort } from '../../core/public-network/refused-ports.ts';
import type { LookupAll } from '../../core/public-network/resolve-host.ts';
import { askForTunnel, type TunnelAnswer } from './ask-for-tunnel.ts';
import { isBypassed, type Upstream } from './context-proxy.ts';
import { createDial, type Destination, type Dial } from './dial.ts';
import { dialUpstream, isSocks, withinTime } from './dial-upstream.ts';
import { type ForwardProxy, forwardRequest } from './forward-request.ts';
import { EGRESS_LIMITS, type EgressLimits } from './limits.ts';
import { createLookups } from './lookups.ts';
import { ProxyFailedError } from './proxy-failed.ts';
import type { ProxyMeter } from './proxy-meter.ts';
import { readAbsoluteUrl, readAuthority } from './read-destination.ts';
import { SiteAgent } from './site-agent.ts';
import { joinSockets } from './tunnel.ts';

export interface GuardOptions {
  readonly lookup: LookupAll;
  readonly allowed: AllowedNetworks;
  /** Where this session's own clients connect: something inside of its browser may be one of them. */
  readonly connectTo?: Destination | undefined;
  /** The proxy of the session by which a destination is asked for; null: none. */
  readonly proxyFor?: (destination: Destination) => ProxyServer | null;
  readonly meter?: Pick<ProxyMeter, 'add'>;
  /** Hosts that are not asked at all: those of advertisements. */
  readonly isBlocked?: (host: string) => boolean;
  readonly clock: Clock;
  /** Told of each connection that did not come about. */
  readonly onFault: (destination: Destination, error: unknown) => void;
  readonly limits?: Partial<EgressLimits>;
}

const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n';
const NOTHING_MORE = 'Content-Length: 0\r\nConnection: close\r\n\r\n';
const FAILED = `HTTP/1.1 502 Bad Gateway\r\n${NOTHING_MORE}`;

/** Nobody is told: pages ask for hundreds of them. */
class BlockedHostError extends Error {
  override readonly name = 'BlockedHostError';
}

/** How a destination is asked for. */
interface Way {
  readonly upstream: ProxyServer | null;
  /** Whether it is the session's own, which the guard tells who asks. A client's proxy asks the client. */
  readonly isSessions: boolean;
}

/**
 * What is behind a session's door: a proxy that resolves each name once, checks where it leads, and dials what it checked.
 * A context that has a proxy of its own goes out by that one, which is checked instead; the others by the session's, where
 * one of them is for the destination.
 */
export class EgressGuard {
  readonly #options: GuardOptions;
  readonly #limits: EgressLimits;
  readonly #dial: Dial;
  readonly #agent: SiteAgent;
  readonly #agentsOfUpstreams = new Map<ProxyServer, SiteAgent>();
  readonly #upstreamOf = new WeakMap<Duplex, Upstream>();
  readonly #http: http.Server;
  readonly #closing = new AbortController();

  constructor(options: GuardOptions) {
    const limits = { ...EGRESS_LIMITS, ...options.limits };
    const lookup = createLookups(options.lookup, options.clock, limits);
    this.#options = options;
    this.#limits = limits;
    this.#dial = createDial({ connectTo: undefined, ...options, lookup, limits });
    this.#agent = new SiteAgent(this.#dial, limits);
    this.#http = http.createServer({
      maxHeaderSize: limits.headerBytes,
      // Chrome closes what it does not need any more; an upload takes as long as it takes.
      keepAliveTimeout: 0,
      requestTimeout: 0,
      noDelay: true,
    });
    this.#http.on('request', (request, response) => void this.#forward(request, response));
    this.#http.on('connect', (request, socket, head) => void this.#tunnel(request, socket, head));
  }

  /** A connection of the browser's, whose requests go out by `upstream` if there is one. */
  serve(socket: Socket, upstream: Upstream | null = null): void {
    if (upstream !== null) this.#upstreamOf.set(socket, upstream);
    this.#http.emit('connection', socket);
  }

  /** No connection to a site stays. */
  close(): void {
    this.#closing.abort();
    for (const agent of [this.#agent, ...this.#agentsOfUpstreams.values()]) agent.destroy();
  }

  async #tunnel(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    client.on('error', () => undefined);
    const destination = readAuthority(request.url ?? '');
    if (destination === null) return void client.end(FAILED);
    const gone = new AbortController();
    const onGone = () => gone.abort();
    client.once('close', onGone);
    const { signal: closing } = this.#closing;
    let way = DIRECT;
    try {
      way = this.#wayOf(request.socket, destination);
      const signal = AbortSignal.any([gone.signal, closing]);
      const tunnel = await this.#openTunnel(request, destination, way, signal);
      if ('challenge' in tunnel) return void client.end(challengeWith(tunnel.challenge));
      const { site } = tunnel;
      closing.addEventListener('abort', () => site.destroy(), { once: true });
      if (head.length > 0) client.unshift(head);
      client.write(ESTABLISHED);
      if (tunnel.head.length > 0) site.unshift(tunnel.head);
      joinSockets(client, site, { clock: this.#options.clock, lingerMs: this.#limits.lingerMs });
    } catch (error) {
      client.end(FAILED);
      if (!gone.signal.aborted) this.#tell(destination, way, error);
    } finally {
      client.off('close', onGone);
    }
  }

  async #openTunnel(
    { headers }: IncomingMessage,
    destination: Destination,
    { upstream, isSessions }: Way,
    signal: AbortSignal,
  ): Promise<TunnelAnswer> {
    if (upstream === null) return { site: await this.#dial(destination, signal), head: NOTHING };
    const socket = await this.#dialUpstream(upstream, isSessions)(destination, signal);
    if (isSocks(upstream)) return { site: socket, head: NOTHING };
    const giveUp = () => socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      const authorization = isSessions ? authorizationOf(upstream) : headers['proxy-authorization'];
      const asking = askForTunnel(socket, destination, authorization, this.#limits.headerBytes);
      const answer = await withinTime(asking, this.#options.clock, this.#limits.proxyMs);
      if ('challenge' in answer && isSessions) throw new ProxyFailedError('credentials');
      return answer;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = readAbsoluteUrl(request.url ?? '');
    if (target === null) return void request.socket.destroy();
    const { url, ...destination } = target;
    const { clock } = this.#options;
    let way = DIRECT;
    try {
      way = this.#wayOf(request.socket, destination);
      const agent = way.upstream === null ? this.#agent : this.#agentOf(way.upstream, way.isSessions);
      const proxy = forwardProxyOf(way);
      await forwardRequest(request, response, { agent, url, proxy, clock, limits: this.#limits });
    } catch (error) {
      request.socket.destroy();
      this.#tell(destination, way, error);
    }
  }

  /** Whose fault it was, or whose address may not be reached: that of a proxy, where there is one. */
  #tell(destination: Destination, { upstream }: Way, error: unknown): void {
    const { host, port } =
      error instanceof Error && isProxys(error) && upstream !== null ? upstream : destination;
    this.#options.onFault({ host, port }, error);
  }

  #wayOf(from: Duplex, destination: Destination): Way {
    const { host, port } = destination;
    if (this.#options.isBlocked?.(host) === true) throw new BlockedHostError();
    const context = this.#upstreamOf.get(from);
    const isContexts = context !== undefined && !isBypassed(host, context);
    const upstream = isContexts ? context : (this.#options.proxyFor?.(destination) ?? null);
    if (upstream === null) return DIRECT;
    // Where a name leads is for the upstream to know; what no browser asks is not asked by it either.
    if (isRefusedPort(port))
      throw new PublicNetworkError('refused-port', `Port ${port} is not asked from here`);
    return { upstream, isSessions: !isContexts };
  }

  #dialUpstream(upstream: ProxyServer, isSessions: boolean): Dial {
    const { clock, meter } = this.#options;
    const onSocket = (socket: Socket) => (isSessions ? meter?.add(socket) : undefined);
    return dialUpstream(upstream, { dial: this.#dial, clock, limits: this.#limits, onSocket });
  }

  #agentOf(upstream: ProxyServer, isSessions: boolean): SiteAgent {
    const known = this.#agentsOfUpstreams.get(upstream);
    if (known !== undefined) return known;
    const agent = new SiteAgent(this.#dialUpstream(upstream, isSessions), this.#limits);
    this.#agentsOfUpstreams.set(upstream, agent);
    return agent;
  }
}

const isProxys = (error: Error): boolean =>
  error instanceof PublicNetworkError || error instanceof ProxyFailedError;

const DIRECT: Way = { upstream: null, isSessions: false };
const NOTHING = Buffer.alloc(0);

/** Of a proxy by HTTP; one by SOCKS leads to the site itself. */
function forwardProxyOf({ upstream, isSessions }: Way): ForwardProxy | null {
  if (upstream === null || isSocks(upstream)) return null;
  const { host, port } = upstream;
  return { host, port, isSessions, authorization: isSessions ? authorizationOf(upstream) : undefined };
}

/** RFC 7617. */
const authorizationOf = ({ username, password = '' }: ProxyServer): string | undefined =>
  username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const challengeWith = (schemes: readonly string[]): string =>
  `HTTP/1.1 407 Proxy Authentication Required\r\n${schemes.map((scheme) => `Proxy-Authenticate: ${scheme}\r\n`).join('')}${NOTHING_MORE}`;
