import type { IncomingMessage, ServerResponse } from 'node:http';
import { boundRequest } from '../core/server/bound-request.ts';
import { serveMetrics } from '../core/server/metrics.ts';
import { cutAnswer } from '../core/server/pass-answer-on.ts';
import { isAskedFromHere } from '../core/server/peers.ts';
import { refuseRequest } from '../core/server/refusal.ts';
import { forwardRequest } from './forward-request.ts';
import { REFUSALS } from './refusals.ts';
import type { RouterParts } from './router-parts.ts';
import { isLoadBalancerCheck } from './watch-departure.ts';

const HEALTH_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const;

/** One plain HTTP request: about the router itself, or of the live view. */
export async function serveRequest(
  parts: RouterParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const goOn = boundRequest(request, response, { limitMs: parts.limits.httpRequestMs, clock: parts.clock });
  const path = request.url?.split('?')[0];
  if (path === '/health') {
    if (isLoadBalancerCheck(request.headers)) parts.departure.noteHealthCheck();
    return answerHealth(parts, response);
  }
  if (path === '/metrics' && isAskedFromHere(request)) return serveMetrics(response, parts.metrics);
  // A request is short: while the router drains it may go on.
  const connection = parts.connections.open(() => undefined);
  response.on('error', () => undefined);
  try {
    connection.assertOpen();
    await forwardRequest(request, response, { ...parts, connection, goOn });
    parts.metrics.countAnswer('request', response.statusCode);
  } catch (error) {
    const refusal = parts.refusalFor(error, 'request', connection.session);
    if (refusal === undefined || response.headersSent) cutAnswer(response);
    else refuseRequest(response, refusal);
  } finally {
    connection.close();
  }
}

/** Whether new connections should come here. What DynamoDB does is the same for every router, and not asked. */
function answerHealth({ connections }: Pick<RouterParts, 'connections'>, response: ServerResponse): void {
  if (connections.isDraining()) refuseRequest(response, REFUSALS.draining);
  else response.writeHead(200, HEALTH_HEADERS).end('{"status":"ok"}');
}
