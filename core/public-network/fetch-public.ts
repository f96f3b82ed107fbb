import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import type { AllowedNetworks } from './public-address.ts';
import { PublicNetworkError } from './public-network-error.ts';
import { readBody } from './read-body.ts';
import { readStart } from './read-start.ts';
import { readTarget, type Target } from './read-target.ts';
import type { LookupAll } from './resolve-host.ts';
import { type ResolvedTarget, resolveTarget } from './resolve-target.ts';
import { type HopLimits, type PublicRequest, sendRequest, toFault } from './send-request.ts';

export interface PublicNetwork {
  readonly lookup: LookupAll;
  readonly clock: Clock;
  /** Networks of the owner's that may be asked although they are not public. */
  readonly allowed: AllowedNetworks;
}

export interface PublicRequestOptions extends PublicRequest {
  readonly limits: HopLimits & {
    /** For everything: names, all hops, and the body of the last one. */
    readonly totalMs: number;
    readonly maxBytes: number;
    /** Only a GET is asked again elsewhere. With 0 a redirect is an answer like any other. */
    readonly maxRedirects: number;
  };
  /** For who asks for the status only: of a body that is longer than `maxBytes` the rest is not read, and it stays as it came. */
  readonly isStartEnough?: boolean;
  /** Looks at where a request would go, each hop; throws to forbid it. */
  readonly inspect?: (target: ResolvedTarget) => void;
}

export interface PublicAnswer {
  /** Whose answer it is, redirects followed. */
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Asks the public network for something, on behalf of somebody who is not trusted. Each hop's name is resolved once, its
 * addresses are checked, and only those are dialled. Throws a PublicNetworkError.
 */
export async function fetchPublic(
  network: PublicNetwork,
  url: string,
  options: PublicRequestOptions,
): Promise<PublicAnswer> {
  const first = readTarget(url);
  const { totalMs } = options.limits;
  const stop = new AbortController();
  const tooSlow = new PublicNetworkError(
    'timed-out',
    `${first.host} did not answer in full within ${totalMs / 1_000} s`,
  );
  const { promise: isOver, reject } = Promise.withResolvers<never>();
  const cancel = network.clock.setTimer(totalMs, () => {
    reject(tooSlow);
    stop.abort();
  });
  try {
    // A look-up of a name cannot be stopped; nobody waits for it longer than this.
    return await Promise.race([follow(network, first, options, stop.signal), isOver]);
  } finally {
    cancel();
    stop.abort();
  }
}

async function follow(
  network: PublicNetwork,
  first: Target,
  options: PublicRequestOptions,
  signal: AbortSignal,
): Promise<PublicAnswer> {
  const { limits } = options;
  let target = first;
  for (let redirects = 0; ; redirects++) {
    const resolved = await resolveTarget(target, network.lookup, network.allowed);
    options.inspect?.(resolved);
    signal.throwIfAborted();
    const answer = await sendRequest(resolved, options, limits, network.clock, signal);
    const location = locationOf(answer, options);
    if (location === undefined) return await read(answer, target, options);
    answer.destroy();
    if (redirects >= limits.maxRedirects)
      throw new PublicNetworkError(
        'too-many-redirects',
        `${first.host} redirects more than ${limits.maxRedirects} times`,
      );
    target = readTarget(location, target);
  }
}

function locationOf(answer: IncomingMessage, { method, limits }: PublicRequestOptions): string | undefined {
  const isFollowed = method === 'GET' && limits.maxRedirects > 0 && REDIRECTS.has(answer.statusCode ?? 0);
  return isFollowed ? answer.headers.location : undefined;
}

async function read(
  answer: IncomingMessage,
  { host, url }: Target,
  { isStartEnough = false, limits: { maxBytes } }: PublicRequestOptions,
): Promise<PublicAnswer> {
  try {
    const body = isStartEnough
      ? await readStart(answer, maxBytes)
      : await readBody(answer, encodingOf(answer), maxBytes);
    return { url: url.href, status: answer.statusCode ?? 0, headers: answer.headers, body };
  } catch (error) {
    throw toBodyFault(host, error);
  } finally {
    answer.destroy();
  }
}

/** An answer without a body may still name an encoding, and nothing is no archive. */
function encodingOf({ statusCode = 0, headers }: IncomingMessage): string {
  const isEmpty = statusCode === 204 || statusCode === 304 || headers['content-length'] === '0';
  return isEmpty ? '' : (headers['content-encoding'] ?? '');
}

/** The connection broke, or what came is not what its content-encoding says. */
function toBodyFault(host: string, error: unknown): PublicNetworkError {
  const fault = toFault(host, error);
  return fault.fault === 'unreachable'
    ? new PublicNetworkError('bad-answer', `${host} did not answer in full`, error)
    : fault;
}
