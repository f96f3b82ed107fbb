import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../core/domain/clock.ts';
import type { Address } from '../core/domain/session.ts';
import { forwardedHeaders, type HeaderList, returnedHeaders } from '../core/server/forwarded-headers.ts';
import type { Connection } from './connections.ts';
import { ClientGoneError } from './hold-client.ts';
import { readTarget } from './read-target.ts';
import { REFUSALS, RefusedError } from './refusals.ts';
import type { RouterParts } from './router-parts.ts';
import { watchStall } from './watch-stall.ts';

export interface ForwardDeps extends Pick<RouterParts, 'authenticate' | 'sessions' | 'limits' | 'clock'> {
  readonly connection: Connection;
}

const CHROMES_OWN = /^\/json(?:[/?]|$)/;

/** The live view's requests, and what clients ask a Chrome by HTTP first. Of a session's proxy nothing else is served so. */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { authenticate, sessions, connection, limits, clock }: ForwardDeps,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new RefusedError(REFUSALS.wrongMethod);
  const target = readTarget(request.url ?? '');
  if (target === null || (target.audience !== 'live' && !CHROMES_OWN.test(target.path)))
    throw new RefusedError(REFUSALS.unknownPath);
  const gone = new AbortController();
  const onGone = () => gone.abort(new ClientGoneError('The client went away'));
  response.once('close', onGone);
  const session = await authenticate(target);
  connection.takeSlot(session.sessionId, 'request');
  const address = await sessions.find(session, gone.signal);
  const headers = forwardedHeaders(request, request.socket.remoteAddress ?? '');
  const call = { method: request.method, path: target.path, address, headers };
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

interface Call {
  readonly method: string;
  readonly path: string;
  readonly address: Address;
  readonly headers: HeaderList;
}

function askContainer(
  { method, path, address, headers }: Call,
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
  request.end();
  return promise;
}
