import http, { type Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../../core/domain/clock.ts';
import { failWhenCut } from '../../core/server/fail-when-cut.ts';
import type { Destination } from './dial.ts';
import { withinTime } from './dial-upstream.ts';
import type { EgressLimits } from './limits.ts';
import { ProxyFailedError } from './proxy-failed.ts';

export interface ForwardOptions {
  readonly agent: Agent;
  readonly url: URL;
  /** A proxy by HTTP, which gets the request as it came; `agent` leads to it. */
  readonly proxy: ForwardProxy | null;
  readonly clock: Clock;
  readonly limits: Pick<EgressLimits, 'headerBytes' | 'proxiedAnswerMs'>;
}

export interface ForwardProxy extends Destination {
  /** Of a session's proxy: what it is told of who asks. Undefined: the browser and a client's proxy settle that. */
  readonly authorization?: string | undefined;
  readonly isSessions: boolean;
}

// Of one connection, and none of the next one's business (RFC 9110, 7.6.1).
const HOP_BY_HOP: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/** What a proxy and the browser say to each other: nothing that a site hears or says. */
const BY_PROXY: readonly string[] = ['proxy-authenticate', 'proxy-authorization'];
/** Methods that a client may send again when their connection turns out to be gone. */
const REPEATABLE: readonly (string | undefined)[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Passes on a request without TLS, and its answer. What fails is no answer of ours, which a page would show: the browser's
 * connection is closed, as the site's was. Rejects with why.
 */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: ForwardOptions,
): Promise<void> {
  try {
    const answer = await askInTime(request, response, options);
    // A page of the proxy's own, which nobody asked for.
    if (options.proxy?.isSessions === true && answer.statusCode === 407) {
      answer.destroy();
      throw new ProxyFailedError('credentials');
    }
    passOn(answer, response, keptOut(options));
  } catch (error) {
    request.socket.destroy();
    throw error;
  }
}

const askInTime = (request: IncomingMessage, response: ServerResponse, options: ForwardOptions) =>
  options.proxy === null
    ? ask(request, response, options)
    : withinTime(ask(request, response, options), options.clock, options.limits.proxiedAnswerMs);

function ask(
  request: IncomingMessage,
  response: ServerResponse,
  options: ForwardOptions,
  isAgain = false,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { agent, url, proxy, limits } = options;
  const port = url.port === '' ? 80 : Number(url.port);
  const asked = http.request({
    agent,
    host: proxy?.host ?? url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: proxy?.port ?? port,
    method: request.method,
    path: proxy === null ? `${url.pathname}${url.search}` : url.href,
    headers: [...endToEnd(request.rawHeaders, keptOut(options)), ...toProxy(proxy)],
    maxHeaderSize: limits.headerBytes,
    // Sites are as they are, and Chrome reads them.
    insecureHTTPParser: true,
  });
  const leave = () => void asked.destroy();
  response.once('close', leave);
  asked.once('response', (answer) => {
    failWhenCut(asked, answer);
    resolve(answer);
  });
  // Nobody asked for another protocol. Without this the socket would be nobody's, and stay.
  asked.once('upgrade', (_answer, socket) => {
    socket.destroy();
    reject(new Error('The site did not answer in HTTP'));
  });
  asked.once('error', (error: NodeJS.ErrnoException) => {
    response.off('close', leave);
    const isStale = asked.reusedSocket && error.code === 'ECONNRESET' && REPEATABLE.includes(request.method);
    if (isStale && !isAgain) resolve(ask(request, response, options, true));
    else reject(error);
  });
  if (isAgain || hasNoBody(request)) asked.end();
  else request.pipe(asked);
  return promise;
}

const keptOut = ({ proxy }: ForwardOptions): readonly string[] =>
  proxy === null || proxy.isSessions ? [...HOP_BY_HOP, ...BY_PROXY] : HOP_BY_HOP;

const toProxy = (proxy: ForwardProxy | null): readonly string[] =>
  proxy?.authorization === undefined ? [] : ['Proxy-Authorization', proxy.authorization];

const hasNoBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;

function passOn(answer: IncomingMessage, response: ServerResponse, without: readonly string[]): void {
  response.sendDate = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders, without));
  answer.pipe(response);
  // A body that was cut must not look whole.
  answer.once('close', () => {
    if (!answer.complete) response.destroy();
  });
  answer.on('error', () => response.destroy());
}

/** Names and values, one after the other, without those of this connection. */
function endToEnd(rawHeaders: readonly string[], without: readonly string[]): string[] {
  const named = new Set(without);
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() === 'connection')
      for (const name of rawHeaders[i + 1]?.split(',') ?? []) named.add(name.trim().toLowerCase());
  const kept: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i], rawHeaders[i + 1]];
    if (!named.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
