/**
 * API Gateway (REST) on one machine, with CloudFront's part before it: routes, authorizer, integrations and errors, all
 * read from the OpenAPI document.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../../core/log/logger.ts';
import { collectBody } from '../wire/read-body.ts';
import { type Authorize, createAuthorizer } from './authorizer.ts';
import { GATEWAY_RESPONSES, GatewayError, gatewayBody } from './gateway-responses.ts';
import { listenToClients } from './http-listener.ts';
import { type Functions, integrate } from './integrate.ts';
import { sendMockResponse } from './mock-integration.ts';
import type { OpenApi } from './openapi.ts';
import { type GatewayRequest, toEventHead, toProxyEvent } from './proxy-event.ts';
import { createMatcher, type RouteMatch, readRoutes } from './routes.ts';
import { createEdgeStep, type EdgeStep } from './viewer-request.ts';

// The largest body that API Gateway takes.
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface GatewayOptions {
  readonly document: OpenApi;
  /** Source of the CloudFront function that runs on every viewer request. */
  readonly viewerRequestSource: string;
  readonly functions: Functions;
  readonly region: string;
  readonly accountId: string;
  /** 0 picks one. */
  readonly port: number;
  readonly logger: Logger;
  readonly now?: () => number;
}

export interface Gateway {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** What every request goes through. */
interface Stages {
  readonly matchRoute: ReturnType<typeof createMatcher>;
  readonly runEdge: EdgeStep;
  readonly authorize: Authorize;
  readonly functions: Functions;
  readonly logger: Logger;
}

/** One request, and where its answer goes. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { document, functions, logger, now = Date.now } = options;
  const stages: Stages = {
    matchRoute: createMatcher(readRoutes(document)),
    runEdge: createEdgeStep(options.viewerRequestSource),
    authorize: createAuthorizer({ ...options, invoke: functions.invoke, now }),
    functions,
    logger,
  };
  const { host, port, close } = await listenToClients(options.port, (request, response) => {
    const requestId = randomUUID();
    const exchange = { request, response, requestId };
    response.setHeader('x-amzn-requestid', requestId);
    response.on('error', (error) => logger.info('A client could not be answered', { requestId, error }));
    answer(exchange, stages).catch((error: unknown) => fail(error, exchange, logger));
  });
  return { url: `http://${host}:${port}`, port, close };
}

async function answer({ request, response, requestId }: Exchange, stages: Stages): Promise<void> {
  const read = await readRequest(request, requestId, stages);
  const { route, headers } = read;
  if (route.integration.type === 'mock') {
    sendMockResponse(response, route.integration);
    return;
  }
  const head = toEventHead(read);
  const authorizer = route.isAuthorized ? await stages.authorize(head, headers) : undefined;
  const body = await collectBody(request, MAX_BODY_BYTES);
  if (body === undefined) throw new GatewayError('REQUEST_TOO_LARGE');
  const event = toProxyEvent(head, authorizer, body);
  await integrate(stages.functions, route, event, response);
}

/** As API Gateway receives it from CloudFront: who asks, scheme and port are what they are, whatever the client said. */
async function readRequest(
  request: IncomingMessage,
  requestId: string,
  { runEdge, matchRoute }: Stages,
): Promise<GatewayRequest> {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const { localAddress = '', localPort = 0, remoteAddress: sourceIp = '' } = request.socket;
  const domainName = `${localAddress}:${localPort}`;
  const { 'x-forwarded-for': sentFor } = request.headers;
  const headers = {
    ...(await runEdge(request.headersDistinct)),
    host: domainName,
    'x-forwarded-for': sentFor === undefined ? sourceIp : `${sentFor}, ${sourceIp}`,
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(localPort),
  };
  const found = match(matchRoute, request.method ?? 'GET', path);
  return {
    ...found,
    path,
    query: new URLSearchParams(query.join('?')),
    headers,
    sourceIp,
    requestId,
    domainName,
  };
}

function match(matchRoute: Stages['matchRoute'], method: string, path: string): RouteMatch {
  try {
    const found = matchRoute(method, path);
    if (found !== undefined) return found;
  } catch (cause) {
    throw new GatewayError('DEFAULT_4XX', { cause });
  }
  throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
}

function fail(error: unknown, { request, response, requestId }: Exchange, logger: Logger): void {
  if (!(error instanceof GatewayError)) {
    // A client that went away, or a stream that broke off after its first bytes: there is nobody left to tell.
    const wasCutOff = request.socket.destroyed || response.headersSent;
    logger[wasCutOff ? 'info' : 'error']('A request failed in the gateway', { requestId, error });
  } else if (GATEWAY_RESPONSES[error.type][0] >= 500) {
    logger.warn('A request failed', { requestId, type: error.type, cause: error.cause });
  }
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { statusCode, body } = gatewayBody(error instanceof GatewayError ? error.type : 'DEFAULT_5XX');
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.writeHead(statusCode, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': requestId,
  });
  response.end(body);
  // What is left of the request is read and dropped, or the client would never come to read the answer.
  request.resume();
}
