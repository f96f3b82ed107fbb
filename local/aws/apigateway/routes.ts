/** The routes of an OpenAPI document, and which of them a request means. */
import type { Integration, OpenApi, Operation } from './openapi.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

export interface Route {
  readonly method: string;
  /** As in the document: /v1/sessions/{id}. */
  readonly resource: string;
  readonly functionName: string;
  /** Whether the request passes the authorizer. */
  readonly isAuthorized: boolean;
  readonly integration: Integration;
}

export interface RouteMatch {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

export function readRoutes(document: OpenApi): Route[] {
  return Object.entries(document.paths).flatMap(([resource, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) =>
      toRoute(document, resource, method, item[method] as Operation),
    ),
  );
}

function toRoute(document: OpenApi, resource: string, method: string, operation: Operation): Route {
  const { operationId } = operation;
  if (operationId === undefined) throw new Error(`${method} ${resource} has no operationId`);
  if (resource.includes('+}')) throw new Error(`${resource}: one machine matches single segments only`);
  const schemes = (operation.security ?? document.security ?? []).flatMap(Object.keys);
  return {
    method: method.toUpperCase(),
    resource,
    functionName: toFunctionName(operationId),
    isAuthorized: schemes.some((name) => document.components?.securitySchemes?.[name]?.type === 'apiKey'),
    integration: operation['x-amazon-apigateway-integration'] ?? {},
  };
}

/** createSession is built as create-session. */
const toFunctionName = (operationId: string): string =>
  operationId.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const segmentsOf = (path: string): string[] => path.split('/').slice(1);

/**
 * Returns a matcher of method and path; undefined when there is no such route. A literal segment is preferred to a
 * parameter, and a slash at the end does not count, as in API Gateway. Throws a URIError for a path that is not properly
 * encoded.
 */
export function createMatcher(
  routes: readonly Route[],
): (method: string, path: string) => RouteMatch | undefined {
  const candidates = routes.map((route) => ({ route, pattern: segmentsOf(route.resource) }));
  return (method, path) => {
    const segments = segmentsOf(path.replace(/(?<=.)\/$/, '')).map(decodeURIComponent);
    const matches = candidates.flatMap(({ route, pattern }) => {
      const parameters = route.method === method ? matchSegments(pattern, segments) : undefined;
      return parameters === undefined ? [] : [{ route, pathParameters: Object.fromEntries(parameters) }];
    });
    const parameterCount = ({ pathParameters }: RouteMatch): number => Object.keys(pathParameters).length;
    return matches.sort((a, b) => parameterCount(a) - parameterCount(b))[0];
  };
}

/** The parameters, none for a path without any; undefined when the path is another. */
function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): [name: string, value: string][] | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: [string, string][] = [];
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name !== undefined && segment !== '') parameters.push([name, segment]);
    else if (part !== segment) return undefined;
  }
  return parameters;
}
