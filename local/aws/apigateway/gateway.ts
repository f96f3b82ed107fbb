/**
 * API Gateway (REST) on one machine, with CloudFront's part before it: routes, authorizer, integrations and errors, all
 * read from the OpenAPI document.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../../core/log/logger.ts';
import { createAuthorizer } from './authorizer.ts';
import { GATEWAY_RESPONSES, GatewayError, gatewayBody } from './gateway-responses.ts';
import { type HttpListener, listen } from './http-listener.ts';
import { type Functions, integrate } from './integrate.ts';
import { createBinaryTest } from './media-types.ts';
import { sendMockResponse } from './mock-integration.ts';
import type { OpenApi } from './openapi.ts';
import { type GatewayRequest, toEventHead, toProxyEvent } from './proxy-event.ts';
import { readBody } from './request-body.ts';
import { createMatcher, type RouteMatch, readRoutes } from './routes.ts';
import { createEdgeStep, forwardHeaders, readHeaders } from './viewer-request.ts';

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

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { document, functions, logger, accountId, now = Date.now } = options;
  const matchRoute = createMatcher(readRoutes(document));
  const runEdge = createEdgeStep(options.viewerRequestSource);
  const authorize = createAuthorizer({ ...options, invoke: functions.invoke, now });
  const isBinary = createBinaryTest(document['x-amazon-apigateway-binary-media-types'] ?? []);
  let listener: HttpListener;

  function match(method: string, path: string): RouteMatch {
    try {
      const found = matchRoute(method, path);
      if (found !== undefined) return found;
    } catch (cause) {
      throw new GatewayError('DEFAULT_4XX', { cause });
    }
    throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
  }

  async function readRequest(request: IncomingMessage, requestId: string): Promise<GatewayRequest> {
    const [path = '/', ...query] = (request.url ?? '/').split('?');
    const method = request.method ?? 'GET';
    const sourceIp = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const viewerHeaders = readHeaders(request.headersDistinct);
    const domainName = `${listener.host}:${listener.port}`;
    const headers = await runEdge({ method, path, headers: viewerHeaders, sourceIp, requestId });
    return {
      ...match(method, path),
      path,
      query: new URLSearchParams(query.join('?')),
      headers: forwardHeaders(headers, sourceIp, domainName, listener.port),
      sourceIp,
      requestId,
      domainName,
      accountId,
      receivedAt: new Date(now()),
    };
  }

  async function answer(
    message: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    const request = await readRequest(message, requestId);
    const { route, headers } = request;
    if (route.integration.type === 'mock') {
      sendMockResponse(response, route.integration);
      return;
    }
    const head = toEventHead(request);
    const authorizer = route.isAuthorized ? await authorize(head, headers) : undefined;
    const body = await readBody(message);
    const event = toProxyEvent(head, authorizer, body, isBinary(headers.get('content-type')?.at(-1)));
    await integrate(functions, route, event, response, isBinary(headers.get('accept')?.at(-1)));
  }

  function fail(error: unknown, message: IncomingMessage, response: ServerResponse, requestId: string): void {
    if (!(error instanceof GatewayError)) {
      // A client that went away, or a stream that broke off after its first bytes: there is nobody left to tell.
      const wasCutOff = message.socket.destroyed || response.headersSent;
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
    message.resume();
  }

  listener = await listen(options.port, (message, response) => {
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    response.on('error', (error) => logger.info('A client could not be answered', { requestId, error }));
    answer(message, response, requestId).catch((error: unknown) => fail(error, message, response, requestId));
  });
  return { url: `http://${listener.host}:${listener.port}`, port: listener.port, close: listener.close };
}
