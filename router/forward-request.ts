import type { IncomingMessage, ServerResponse } from 'node:http';
import { isNearUploads } from '../core/domain/uploads.ts';
import { forwardedHeaders, returnedHeaders } from '../core/server/forwarded-headers.ts';
import { isJsonCommand, NOT_OVER_HTTP } from '../core/server/json-endpoints.ts';
import { cutAnswer, passAnswerOn } from '../core/server/pass-answer-on.ts';
import { askContainer, type Call } from './ask-container.ts';
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

interface RequestDeps extends ForwardDeps {
  /** A body that is read may take its time. */
  readonly goOn: () => void;
}

/**
 * The live view's requests, what clients ask before their WebSocket, files for a session, and claims of warm containers.
 * Nothing else is served by plain HTTP, nothing but a claim is posted, and nothing but a file is put.
 */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  deps: RequestDeps,
): Promise<void> {
  const target = requireServed(request);
  const gone = new AbortController();
  const onGone = () => gone.abort(new ClientGoneError('The client went away'));
  response.once('close', onGone);
  const { limits, clock } = deps;
  const call = await callFor(request, target, deps, gone.signal);
  const answer = await askContainer(call, gone.signal, { ...limits, clock });
  response.writeHead(answer.statusCode ?? 502, returnedHeaders(answer).flat());
  let isBroken = false;
  // A container that breaks off closes the response, which looks as if the client had gone.
  answer.once('error', () => {
    isBroken = !gone.signal.aborted;
  });
  // Who does not take an answer has no use for it.
  const unwatch = watchStall(request.socket, limits.stallMs, clock, () => cutAnswer(response));
  try {
    await passAnswerOn(answer, response);
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
  if (target?.takesFile === true && method === 'PUT') return target;
  if (target !== null && isJsonCommand(target.path.split('?')[0] as string))
    throw new RefusedError(NOT_OVER_HTTP);
  if (method !== 'GET' && method !== 'HEAD')
    throw new RefusedError(
      isNearUploads(target?.path.split('?')[0] ?? '') ? REFUSALS.noUpload : REFUSALS.wrongMethod,
    );
  if (target === null || (target.audience !== 'live' && target.json === null))
    throw new RefusedError(REFUSALS.unknownPath);
  return target;
}

/** What the container is asked. Where it is says the session, or, while it has none that is ready, its claim. */
async function callFor(
  request: IncomingMessage,
  target: Target,
  { authenticate, sessions, connection, publicOrigin, goOn }: RequestDeps,
  signal: AbortSignal,
): Promise<Call> {
  const session = await authenticate(target);
  connection.takeSlot(session, 'request');
  const headers = [
    ...forwardedHeaders(request, request.socket.remoteAddress ?? ''),
    ...originHeaders(request, publicOrigin),
  ];
  const call = { method: request.method, path: target.path, headers };
  if (target.audience === 'claim')
    return { ...call, address: claimAddressOf(session), body: await readClaimBody(request, session) };
  const length = target.takesFile && request.method === 'PUT' ? lengthOf(request) : undefined;
  const address = await sessions.find(session, signal);
  if (length === undefined) return { ...call, address };
  goOn();
  return { ...call, address, file: { request, length } };
}

/** How long a file is: its container is to know before it takes it. */
function lengthOf({ headers }: IncomingMessage): string {
  const length = headers['content-length'];
  if (length === undefined) throw new RefusedError(REFUSALS.unknownLength);
  return length;
}
