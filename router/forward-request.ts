import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../core/domain/clock.ts';
import type { Address } from '../core/domain/session.ts';
import { forwardedHeaders, type HeaderList, returnedHeaders } from '../core/server/forwarded-headers.ts';
import { isJsonCommand, NOT_OVER_HTTP } from '../core/server/json-endpoints.ts';
import type { Connection } from './connections.ts';
import { claimAddressOf, readClaimBody } from './forward-claim.ts';
import { ClientGoneError } from './hold-client.ts';
import { originHeaders } from './origin-headers.ts';
import { readTarget, type Target } from './read-target.ts';
import { REFUSALS, RefusedError } from './refusals.ts';
import type { RouterParts } from './router-parts.ts';
import { watchStall } from './watch-stall.ts';

export interface ForwardDeps
  extends Pick<RouterParts, 'authenticate' | 'sessions' | 'limits' | 'clock' | 'publicOrigin'> {
  readonly connection: Connection;
}

/**
 * The live view's requests, what clients ask before their WebSocket, and claims of warm containers. Nothing else is served by
 * plain HTTP, and nothing but a claim is posted.
 */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  deps: ForwardDeps,
): Promise<void> {
  const target = requireServed(request);
  const gone = new AbortController();
  const onGone = () => gone.abort(new ClientGoneError('The client went away'));
  response.once('close', onGone);
  const { limits, clock } = deps;
  const call = await callFor(request, target, deps, gone.signal);
  const answer = await askContainer(call, gone.signal, { answerMs: limits.answerMs, clock });
  response.writeHead(answer.statusCode ?? 502, returnedHeaders(answer).flat());
  let isBroken = false;
  // A container that breaks off closes the response, which looks as if the client had gone.
  answer.once('error', () => {
    isBroken = !gone.signal.aborted;
  });
  // Who does not take an answer has no use for it.
  const unwatch = watchStall(request.socket, limits.stallMs, clock, () => response.destroy());
  try {
    await pipeline(answer, response);
  } catch (cause) {
    throw gone.signal.aborted && !isBroken
      ? gone.signal.reason
      : new RefusedError(REFUSALS.unreachable, { cause });
  } finally {
    unwatch();
  }
}

/** What is asked for, where that is served. */
function requireServed({ url = '', method }: IncomingMessage): Target {
  const target = readTarget(url);
  if (target?.audience === 'claim' && method === 'POST') return target;
  if (target !== null && isJsonCommand(target.path.split('?')[0] as string))
    throw new RefusedError(NOT_OVER_HTTP);
  if (method !== 'GET' && method !== 'HEAD') throw new RefusedError(REFUSALS.wrongMethod);
  if (target === null || (target.audience !== 'live' && target.json === null))
    throw new RefusedError(REFUSALS.unknownPath);
  return target;
}

/** What the container is asked. Where it is says the session, or, while it has none that is ready, its claim. */
async function callFor(
  request: IncomingMessage,
  target: Target,
  { authenticate, sessions, connection, publicOrigin }: ForwardDeps,
  signal: AbortSignal,
): Promise<Call> {
  const session = await authenticate(target);
  connection.takeSlot(session.sessionId, 'request');
  const headers = [
    ...forwardedHeaders(request, request.socket.remoteAddress ?? ''),
    ...originHeaders(request, publicOrigin),
  ];
  const { method } = request;
  if (target.audience !== 'claim')
    return { method, path: target.path, address: await sessions.find(session, signal), headers };
  const address = claimAddressOf(session);
  return { method, path: target.path, address, headers, body: await readClaimBody(request, session) };
}

interface Call {
  readonly method: string | undefined;
  readonly path: string;
  readonly address: Address;
  readonly headers: HeaderList;
  readonly body?: Buffer;
}

function askContainer(
  { method, path, address, headers, body }: Call,
  signal: AbortSignal,
  { answerMs, clock }: { readonly answerMs: number; readonly clock: Clock },
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // No kept connections: another session's container may have the address a moment later.
  const request = http.request({ ...address, method, path, agent: false, signal });
  for (const [name, value] of headers) request.appendHeader(name, value);
  const cancelTimeout = clock.setTimer(answerMs, () =>
    request.destroy(new Error(`Nothing within ${answerMs} ms`)),
  );
  request.once('close', cancelTimeout);
  request.once('response', (answer) => {
    cancelTimeout();
    resolve(answer);
  });
  request.on('error', (cause) =>
    reject(signal.aborted ? signal.reason : new RefusedError(REFUSALS.unreachable, { cause })),
  );
  if (body === undefined) request.end();
  else request.setHeader('content-length', body.length).end(body);
  return promise;
}
