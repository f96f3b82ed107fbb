/**
 * API Gateway (REST) on one machine, with CloudFront's part before it: routes, authorizer, integrations and errors, all
 * read from the OpenAPI document.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { systemClock } from '../../../core/clock/system-clock.ts';
import type { Clock } from '../../../core/domain/clock.ts';
import type { Logger } from '../../../core/log/logger.ts';
import { boundRequest } from '../../../core/server/bound-request.ts';
import { cutAnswer } from '../../../core/server/pass-answer-on.ts';
import { collectBody } from '../wire/read-body.ts';
import { send } from '../wire/respond.ts';
import { createAuthorizer } from './authorizer.ts';
import { GATEWAY_RESPONSES, GatewayError, gatewayBody } from './gateway-responses.ts';
import { type Functions, integrate, sendMockResponse } from './integrate.ts';
import { isBinaryType, toEventHead, toProxyEvent } from './proxy-event.ts';
import type { OpenApi } from './routes.ts';
import { createMatcher, type Matcher, type RouteMatch, readRoutes } from './routes.ts';
import { createEdgeStep, type Headers } from './viewer-request.ts';

// The largest body that API Gateway takes.
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** For such a body to arrive. Files for a session and for the store come by other ways, and may take longer. */
const BODY_MS = 60_000;

export interface GatewayOptions {
  readonly document: OpenApi;
  /** Source of the CloudFront function that runs on every viewer request. */
  readonly viewerRequestSource: string;
  readonly functions: Functions;
  readonly region: string;
  readonly accountId: string;
  /** Host and port under which this machine itself reaches it: containers call back there. */
  readonly domainName: string;
  readonly logger: Logger;
  readonly now?: () => number;
  readonly clock?: Clock;
}

export function createGateway(options: GatewayOptions): RequestListener {
  const { document, functions, logger, domainName, now = Date.now, clock = systemClock } = options;
  const matchRoute = createMatcher(readRoutes(document));
  const binaryTypes = document['x-amazon-apigateway-binary-media-types'] ?? [];
  const runEdge = createEdgeStep(options.viewerRequestSource);
  const authorize = createAuthorizer({ ...options, invoke: functions.invoke, now });

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    const [path = '/'] = (request.url ?? '/').split('?');
    const asked = readRequest(request, await runEdge(path, request.headersDistinct), domainName);
    const seen = { ...asked, requestId };
    const found = match(matchRoute, request.method ?? 'GET', seen.path);
    const { route } = found;
    const head = toEventHead({ ...seen, ...found });
    const authorizer = route.isAuthorized ? await authorize(head, seen.headers) : undefined;
    if (route.integration.type === 'mock') {
      sendMockResponse(response, route.integration);
      return;
    }
    boundRequest(request, response, { limitMs: BODY_MS, clock });
    const bytes = await collectBody(request, MAX_BODY_BYTES);
    if (bytes === undefined) throw new GatewayError('REQUEST_TOO_LARGE');
    const isBinary = isBinaryType(request.headers['content-type'], binaryTypes);
    await integrate(functions, route, toProxyEvent(head, authorizer, { bytes, isBinary }), response);
  }

  return (request, response) => {
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    response.on('error', (error) => logger.info('A client could not be answered', { requestId, error }));
    answer(request, response, requestId).catch((error: unknown) => {
      const { method, url } = request;
      if (response.closed)
        logger.info('A caller left before its answer', { requestId, method, path: url?.split('?')[0] });
      else logFault(error, response, logger.with({ requestId }));
      sendFault(error, response, requestId);
    });
  };
}

/** As API Gateway receives it from CloudFront: who asks, scheme and port are what they are, whatever the client said. */
function readRequest(request: IncomingMessage, sent: Headers, domainName: string) {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const { localPort = 0, remoteAddress: sourceIp = '' } = request.socket;
  const { 'x-forwarded-for': sentFor } = request.headers;
  const headers = {
    ...sent,
    host: domainName,
    'x-forwarded-for': sentFor === undefined ? sourceIp : `${sentFor}, ${sourceIp}`,
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(localPort),
  };
  return { path, query: new URLSearchParams(query.join('?')), headers, sourceIp, domainName };
}

function match(matchRoute: Matcher, method: string, path: string): RouteMatch {
  try {
    const found = matchRoute(method, path);
    if (found !== undefined) return found;
  } catch (cause) {
    throw new GatewayError('DEFAULT_4XX', { cause });
  }
  throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
}

function logFault(error: unknown, response: ServerResponse, logger: Logger): void {
  if (!(error instanceof GatewayError)) {
    // A stream that broke off after its first bytes: there is nobody left to tell.
    const wasCutOff = response.destroyed || response.headersSent;
    logger[wasCutOff ? 'info' : 'error']('A request failed in the gateway', { error });
  } else if (GATEWAY_RESPONSES[error.type][0] >= 500) {
    logger.warn('A request failed', { type: error.type, cause: error.cause });
  }
}

function sendFault(error: unknown, response: ServerResponse, requestId: string): void {
  if (response.headersSent || response.destroyed) {
    cutAnswer(response);
    return;
  }
  const { type, context } = error instanceof GatewayError ? error : new GatewayError('DEFAULT_5XX');
  const { statusCode, body } = gatewayBody(type, context);
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  send(response, statusCode, 'application/json', body, {
    'cache-control': 'no-store',
    'x-amzn-requestid': requestId,
  });
}
