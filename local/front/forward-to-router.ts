import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { CLAIM_PATH } from '../../core/domain/claim.ts';
import { CONNECT_PATH } from '../../core/domain/connect-url.ts';
import { UPLOADS_PATH, viewerFileIn } from '../../core/domain/uploads.ts';
import { failWhenCut } from '../../core/server/fail-when-cut.ts';
import { forwardBody } from '../../core/server/forward-body.ts';
import { forwardedHeaders, returnedHeaders } from '../../core/server/forwarded-headers.ts';
import { cutAnswer, passAnswerOn } from '../../core/server/pass-answer-on.ts';
import { refuseRequest } from '../../core/server/refusal.ts';
import { LOOPBACK } from '../aws/wire/listen.ts';
import { routerTarget } from './part-of.ts';
import { NO_ROUTER_NOW, type RouterDoor } from './router-door.ts';

/**
 * A plain request for the live view, for what Chrome answers by HTTP, or with a file for a session. The router takes the body
 * of a claim and of a file, and of nothing else: that is all that it gets.
 */
export async function forwardToRouter(
  request: IncomingMessage,
  response: ServerResponse,
  { router, publicUrl }: { readonly router: RouterDoor; readonly publicUrl: string | undefined },
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const answer = await ask(request, { port: router.port(), publicUrl, signal: gone.signal });
    if (answer === undefined) refuseRequest(response, NO_ROUTER_NOW);
    else {
      response.writeHead(answer.statusCode ?? 502, returnedHeaders(answer).flat());
      await passAnswerOn(answer, response);
    }
  } catch {
    // Either the client has gone, or the router in the middle of it: half an answer must not be taken for a whole one.
    if (response.headersSent || gone.signal.aborted) cutAnswer(response);
    else refuseRequest(response, NO_ROUTER_NOW);
  }
}

const CLAIMS = `${CONNECT_PATH}${CLAIM_PATH}/`;
const FILES = `${CONNECT_PATH}${UPLOADS_PATH}/`;

/** How large it may be is for the router to say. */
const isClaim = (method: string, url: string): boolean =>
  method === 'POST' && routerTarget(url).startsWith(CLAIMS);

/** Of a client, or of who watches. */
function isFile(method: string, url: string): boolean {
  if (method !== 'PUT') return false;
  const target = routerTarget(url);
  const path = target.slice(CONNECT_PATH.length).split('?')[0] ?? '';
  return target.startsWith(FILES) || viewerFileIn(path) !== null;
}

function ask(
  request: IncomingMessage,
  {
    port,
    publicUrl,
    signal,
  }: {
    readonly port: number | undefined;
    readonly publicUrl: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<IncomingMessage | undefined> {
  if (port === undefined) return Promise.resolve(undefined);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { method = 'GET', url = '/' } = request;
  const call = http.request({
    host: LOOPBACK,
    port,
    method,
    path: routerTarget(url),
    agent: false,
    signal,
  });
  for (const [name, value] of forwardedHeaders(request, request.socket.remoteAddress ?? ''))
    call.appendHeader(name, value);
  // Chrome's answers name the address of a WebSocket, and a session's own is none that every client reaches. Whether what the
  // client says is an address is for who answers to see.
  const { host, protocol } =
    publicUrl === undefined ? { host: request.headers.host ?? '', protocol: 'http:' } : new URL(publicUrl);
  call.setHeader('X-Forwarded-Host', host).setHeader('X-Forwarded-Proto', protocol.slice(0, -1));
  call.once('response', (answer) => {
    failWhenCut(call, answer);
    resolve(answer);
  });
  call.on('error', reject);
  const { 'content-length': length } = request.headers;
  if (isClaim(method, url) || isFile(method, url))
    forwardBody(call, request.once('error', reject), { length });
  else call.end();
  return promise;
}
