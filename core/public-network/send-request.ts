import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { Clock } from '../domain/clock.ts';
import { failWhenCut } from '../server/fail-when-cut.ts';
import { answerWith } from './answer-with.ts';
import { PublicNetworkError } from './public-network-error.ts';
import type { ResolvedTarget } from './resolve-target.ts';

export interface PublicRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Takes any certificate. */
  readonly allowInsecureTls?: boolean;
}

export interface HopLimits {
  /** Until the connection stands, TLS included. */
  readonly connectMs: number;
  /** Until the answer's headers are there, from the start. */
  readonly headersMs: number;
}

const MAX_HEADER_BYTES = 32 * 1024;

/**
 * One request to addresses that were checked before, and its answer as soon as the headers are there. Whoever calls reads
 * the body, or destroys the answer. An agent of its own takes no proxy from the environment and leaves no socket behind.
 */
export function sendRequest(
  target: ResolvedTarget,
  { method, headers, body, allowInsecureTls = false }: PublicRequest,
  { connectMs, headersMs }: HopLimits,
  clock: Clock,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { url, host, port, isSecure } = target;
  const options = { keepAlive: false, maxCachedSessions: 0 };
  const request = (isSecure ? https : http).request({
    agent: isSecure ? new https.Agent(options) : new http.Agent(options),
    lookup: answerWith(target),
    host,
    port,
    path: `${url.pathname}${url.search}`,
    method,
    headers: { ...headers, host: url.host },
    maxHeaderSize: MAX_HEADER_BYTES,
    signal,
    ...(isSecure ? { rejectUnauthorized: !allowInsecureTls, servername: isIP(host) === 0 ? host : '' } : {}),
  });
  const giveUp = (what: string, ms: number) =>
    request.destroy(new PublicNetworkError('timed-out', `${host} ${what} within ${ms / 1_000} s`));
  const cancelConnect = clock.setTimer(connectMs, () => giveUp('took no connection', connectMs));
  const cancelHeaders = clock.setTimer(headersMs, () => giveUp('did not answer', headersMs));
  request.once('socket', (socket) => socket.once(isSecure ? 'secureConnect' : 'connect', cancelConnect));
  request.once('response', (answer) => {
    failWhenCut(request, answer);
    resolve(answer);
  });
  // Nobody asked for another protocol. Without this the socket would be nobody's, and stay.
  request.once('upgrade', (_answer, socket) => {
    socket.destroy();
    reject(new PublicNetworkError('bad-answer', `${host} did not answer in HTTP`));
  });
  request.on('error', (error) => reject(toFault(host, error)));
  request.end(body);
  return promise.finally(() => {
    cancelConnect();
    cancelHeaders();
  });
}

const IS_TLS_FAULT = /CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|^UNABLE_TO_|HOSTNAME_MISMATCH/;

/** The text of a socket's error is not told to clients: it has the address. */
export function toFault(host: string, error: unknown): PublicNetworkError {
  if (error instanceof PublicNetworkError) return error;
  const { code = '' } = error as { readonly code?: string };
  if (IS_TLS_FAULT.test(code))
    return new PublicNetworkError('untrusted', `${host} has no certificate that can be trusted`, error);
  if (code === 'HPE_HEADER_OVERFLOW')
    return new PublicNetworkError('too-large', `${host} answered with headers that are too large`, error);
  if (code.startsWith('HPE_'))
    return new PublicNetworkError('bad-answer', `${host} did not answer in HTTP`, error);
  return new PublicNetworkError('unreachable', `${host} could not be reached`, error);
}
