import type { ApiRequest } from '../http/request.ts';
import { NO_SPAN } from '../tracing/tracing.ts';

/** A request as the HTTP stack hands it to a use case: of `p1`, with a key that opens `p2` as well. */
export const newRequest = <Body = Record<string, never>, Query = Record<string, never>>(
  changes: Partial<ApiRequest<Body, Query>> = {},
): ApiRequest<Body, Query> => ({
  requestId: 'req-1',
  route: 'GET /',
  access: { projectId: 'p1', projectIds: ['p1', 'p2'] },
  body: {} as Body,
  query: {} as Query,
  pathId: '',
  pathIds: {},
  headers: {},
  bodyText: '{}',
  caller: { hasLeft: () => false, onLeave: () => undefined },
  bearerToken: undefined,
  baseUrl: 'https://api.example/prod',
  note: () => undefined,
  span: NO_SPAN,
  ...changes,
});
