import middy, { type MiddlewareObj, type PluginExecutionMode, type Request } from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import validator from '@middy/validator';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { Installation, SettingRows } from '../domain/setting-support.ts';
import { CREATE_LADDER } from '../domain/timing.ts';
import { logEvent } from '../log/log-event.ts';
import type { Logger } from '../log/logger.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { keepBodyText } from './body-text.ts';
import { refuseBrokenText } from './broken-text.ts';
import { type MultipartRules, readUploadedFile } from './multipart.ts';
import { type ApiRequest, toApiRequest } from './request.ts';
import { notesOn } from './request-notes.ts';
import { type ApiResponse, toAppError, toErrorResult, toProxyResult } from './response.ts';
import { IGNORED_HEADER, reportSettings } from './settings.ts';
import { traceRequests } from './trace-requests.ts';

/** A compiled schema check of a whole event: false and `errors` when it does not fit. */
export interface EventValidator {
  (event: unknown): boolean;
  errors?: readonly unknown[] | null;
}

export interface ApiOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly validate: EventValidator;
  /** What becomes of each setting of the body; without it the body is all acted on. */
  readonly settings?: { readonly rows: SettingRows; readonly installation?: Installation };
  /** The body is multipart/form-data, with one file: the use case gets `{file}`. Without it the body is JSON. */
  readonly multipart?: MultipartRules;
  /** Streams the answer (Lambda response streaming); the default answers in one piece. */
  readonly executionMode?: PluginExecutionMode;
  /** Where its requests are traced. */
  readonly tracing?: Promise<Tracing>;
  /** Go with the answer that the time is over: what was begun may still be done. */
  readonly tooSlowHeaders?: Readonly<Record<string, string>>;
}

const HAS_BODY: ReadonlySet<string> = new Set(['POST', 'PATCH']);

type ApiMiddleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error>;
type ApiEventRequest = Request<APIGatewayProxyEvent, APIGatewayProxyResult, Error>;

/** The one HTTP stack: request log -> project -> body -> texts -> contract -> settings -> use case -> answer, with every failure in the error shape. */
export function api<Body, Query>(
  { logger, clock, validate, settings, multipart, executionMode, tracing, tooSlowHeaders = {} }: ApiOptions,
  handle: (request: ApiRequest<Body, Query>) => Promise<ApiResponse>,
) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>({
    timeoutEarlyInMillis: CREATE_LADDER.answerMarginMs,
    ...(executionMode === undefined ? {} : { executionMode }),
  })
    .use(tracing === undefined ? [] : traceRequests(tracing, { isStreamed: executionMode !== undefined }))
    .use(logRequests(logger, clock))
    .use(answerFailures(logger, tooSlowHeaders))
    .use(refuseForbiddenProject())
    .use(multipart === undefined ? [tolerateEmptyBody(), parseJsonBody()] : [])
    .use(checkTexts())
    .use(validator({ eventSchema: validate as never }))
    .use(settings === undefined ? [] : reportSettings(settings.rows, settings.installation))
    .use(multipart === undefined ? [] : parseMultipartBody(multipart))
    .handler(async (event) => toProxyResult(await handle(toApiRequest<Body, Query>(event))));
}

/** The key is good, and does not open the project that the request names: the authorizer let it through to hear that here. */
const refuseForbiddenProject = (): ApiMiddleware => ({
  before: ({ event }) => {
    const named: unknown = event.requestContext.authorizer?.forbiddenProject;
    if (typeof named === 'string') throw new AppError('PROJECT_FORBIDDEN', [named]);
  },
});

/**
 * Clients send `content-type: application/json` with no body (update and delete of contexts), and POST without a body
 * where every field is optional. Both mean an empty object.
 */
const tolerateEmptyBody = (): ApiMiddleware => ({
  before: ({ event }) => {
    if (!HAS_BODY.has(event.httpMethod) || event.body) return;
    event.body = '{}';
    event.isBase64Encoded = false;
    event.headers = { ...event.headers, 'content-type': 'application/json' };
  },
});

function parseJsonBody(): ApiMiddleware {
  const parser = httpJsonBodyParser() as ApiMiddleware;
  return {
    before: async (request) => {
      if (!HAS_BODY.has(request.event.httpMethod)) return;
      keepBodyText(request.event);
      await parser.before?.(request);
      // JSON's null is a body, and no operation takes it.
      if (request.event.body === null) throw new AppError('BAD_REQUEST', ['body must be object']);
    },
  };
}

/** Last of all: no check of texts is to go through the bytes of a file. */
const parseMultipartBody = (rules: MultipartRules): ApiMiddleware => ({
  before: async ({ event }) => {
    const { body, isBase64Encoded, headers } = event;
    const contentType = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
    const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
    const file = await readUploadedFile(bytes, contentType ?? '', rules);
    Object.assign(event, { body: { file } });
  },
});

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

/** Whose request it was; what it has made says the use case. */
const sessionIdOf = ({ resource, pathParameters }: APIGatewayProxyEvent): string | undefined =>
  /\/sessions\/\{id\}/.test(resource) ? pathParameters?.id : undefined;

const outcomeOf = (status = 500): string => (status < 400 ? 'ok' : status < 500 ? 'refused' : 'failed');

function logRequests(logger: Logger, clock: Clock): ApiMiddleware {
  const startedAtMs = new WeakMap<object, number>();
  const log = (request: ApiEventRequest) => {
    const { requestContext, httpMethod, resource } = request.event;
    const { requestId } = requestContext;
    const { statusCode, headers } = request.response ?? {};
    const notes = notesOn(request.event);
    logEvent(logger, 'api.request', {
      requestId,
      method: httpMethod,
      route: resource,
      status: statusCode,
      outcome: outcomeOf(statusCode),
      projectId: requestContext.authorizer?.projectId,
      sessionId: sessionIdOf(request.event),
      ignored: headers?.[IGNORED_HEADER],
      durationMs: clock.now() - (startedAtMs.get(requestContext) ?? clock.now()),
      ...notes,
      // A container's call is part of what its session's create has begun, and has that one's id.
      ...(notes.requestId === undefined ? {} : { callId: requestId }),
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
