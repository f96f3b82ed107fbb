import middy, { type MiddlewareObj, type PluginExecutionMode, type Request } from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import validator from '@middy/validator';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { CREATE_LADDER } from '../domain/timing.ts';
import type { Logger } from '../log/logger.ts';
import { refuseBrokenText } from './broken-text.ts';
import { type ApiRequest, toApiRequest } from './request.ts';
import { type ApiResponse, toAppError, toErrorResult, toProxyResult } from './response.ts';

/** A compiled schema check of a whole event: false and `errors` when it does not fit. */
export interface EventValidator {
  (event: unknown): boolean;
  errors?: readonly unknown[] | null;
}

export interface ApiOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly validate: EventValidator;
  /** Streams the answer (Lambda response streaming); the default answers in one piece. */
  readonly executionMode?: PluginExecutionMode;
  /** Go with the answer that the time is over: what was begun may still be done. */
  readonly tooSlowHeaders?: Readonly<Record<string, string>>;
}

type ApiMiddleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error>;
type ApiEventRequest = Request<APIGatewayProxyEvent, APIGatewayProxyResult, Error>;

/** The one HTTP stack: request log -> body -> texts -> contract -> use case -> answer, with every failure in the error shape. */
export function api<Body, Query>(
  { logger, clock, validate, executionMode, tooSlowHeaders = {} }: ApiOptions,
  handle: (request: ApiRequest<Body, Query>) => Promise<ApiResponse>,
) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>({
    timeoutEarlyInMillis: CREATE_LADDER.answerMarginMs,
    ...(executionMode === undefined ? {} : { executionMode }),
  })
    .use(logRequests(logger, clock))
    .use(answerFailures(logger, tooSlowHeaders))
    .use(tolerateEmptyBody())
    .use(parseJsonBody())
    .use(checkTexts())
    .use(validator({ eventSchema: validate as never }))
    .handler(async (event) => toProxyResult(await handle(toApiRequest<Body, Query>(event))));
}

/**
 * Clients send `content-type: application/json` with no body (update and delete of contexts), and POST without a body
 * where every field is optional. Both mean an empty object.
 */
const tolerateEmptyBody = (): ApiMiddleware => ({
  before: ({ event }) => {
    if (event.httpMethod !== 'POST' || event.body) return;
    event.body = '{}';
    event.isBase64Encoded = false;
    event.headers = { ...event.headers, 'content-type': 'application/json' };
  },
});

function parseJsonBody(): ApiMiddleware {
  const parser = httpJsonBodyParser() as ApiMiddleware;
  return {
    before: async (request) => {
      if (request.event.httpMethod !== 'POST') return;
      await parser.before?.(request);
      // JSON's null is a body, and no operation takes it.
      if (request.event.body === null) throw new AppError('BAD_REQUEST', ['body must be object']);
    },
  };
}

/** For every text of every operation, whatever its schema says: free-form fields have none. */
const checkTexts = (): ApiMiddleware => ({
  before: ({ event }) => {
    refuseBrokenText(event.pathParameters, 'params');
    refuseBrokenText(event.queryStringParameters, 'querystring');
    refuseBrokenText(event.body, 'body');
  },
});

function answerFailures(logger: Logger, tooSlowHeaders: Readonly<Record<string, string>>): ApiMiddleware {
  return {
    onError: (request) => {
      const { requestId } = request.event.requestContext;
      const error = toAppError(request.error, requestId);
      const log = logger.with({ requestId, code: error.code });
      if (error.status >= 500) log.error(error.message, { cause: error.cause });
      const result = toErrorResult(error);
      const isTooSlow = error.code === 'TOO_SLOW';
      request.response = isTooSlow
        ? { ...result, headers: { ...result.headers, ...tooSlowHeaders } }
        : result;
    },
  };
}

/** Whose request it was, or which one it has made; undefined where no session is meant. */
function sessionIdOf({ event, response }: ApiEventRequest): string | undefined {
  if (/\/sessions\/\{id\}/.test(event.resource)) return event.pathParameters?.id;
  if (!/\/sessions$/.test(event.resource) || response?.statusCode !== 201) return undefined;
  return (JSON.parse(response.body) as { id?: string }).id;
}

function logRequests(logger: Logger, clock: Clock): ApiMiddleware {
  const startedAtMs = new WeakMap<object, number>();
  const log = (request: ApiEventRequest) => {
    const { requestContext, httpMethod, resource } = request.event;
    logger.info('request', {
      requestId: requestContext.requestId,
      method: httpMethod,
      route: resource,
      status: request.response?.statusCode,
      projectId: requestContext.authorizer?.projectId,
      sessionId: sessionIdOf(request),
      durationMs: clock.now() - (startedAtMs.get(requestContext) ?? clock.now()),
    });
  };
  return {
    before: ({ event }) => {
      startedAtMs.set(event.requestContext, clock.now());
    },
    after: log,
    onError: log,
  };
}
