import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import {
  NO_SPAN,
  parseTraceparent,
  type Span,
  sessionAttributesOf,
  type Tracing,
} from '../tracing/tracing.ts';
import { notesOn } from './request-notes.ts';

const spans = new WeakMap<object, Span>();

/** The span of a request; none where it is not traced. */
export const spanOf = ({ requestContext }: Pick<APIGatewayProxyEvent, 'requestContext'>): Span =>
  spans.get(requestContext) ?? NO_SPAN;

const headerOf = ({ headers }: APIGatewayProxyEvent, wanted: string): string | undefined =>
  Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1];

/**
 * A span for each request, a part of whatever its caller says. `isStreamed`: whoever streams the answer sends the spans when
 * it has left; else they are sent before it leaves, as the function is frozen then.
 */
export function traceRequests(
  tracing: Promise<Tracing>,
  { isStreamed }: { readonly isStreamed: boolean },
): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error> {
  type Ended = {
    readonly event: APIGatewayProxyEvent;
    readonly response: APIGatewayProxyResult | null | undefined;
    readonly error?: Error | null | undefined;
  };
  const end = async ({ event, response, error }: Ended): Promise<void> => {
    const span = spanOf(event);
    const { sessionId, projectId, requestId } = notesOn(event);
    const status = response?.statusCode ?? 500;
    span.set({
      'http.response.status_code': status,
      ...sessionAttributesOf({
        sessionId: text(sessionId) ?? event.pathParameters?.id ?? '',
        projectId: text(projectId) ?? text(event.requestContext.authorizer?.projectId) ?? '',
        requestId: text(requestId) ?? event.requestContext.requestId,
      }),
    });
    span.end(status >= 500 ? (error ?? new Error(`HTTP ${status}`)) : undefined);
    if (!isStreamed) await (await tracing).flush();
  };
  return {
    before: async ({ event }) => {
      const { httpMethod: method, resource: route, requestContext } = event;
      const attributes = { 'http.request.method': method, 'http.route': route };
      const parent = parseTraceparent(headerOf(event, 'traceparent'));
      spans.set(requestContext, (await tracing).start(`${method} ${route}`, { parent, attributes }));
    },
    after: end,
    onError: end,
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
