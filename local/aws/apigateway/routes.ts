/** The routes of an OpenAPI document, and which of them a request means. */

/** What the gateway reads of an OpenAPI document with API Gateway's extensions. */
export interface Integration {
  readonly type?: string;
  readonly timeoutInMillis?: number;
  readonly responseTransferMode?: 'BUFFERED' | 'STREAM';
  readonly requestTemplates?: Readonly<Record<string, string>>;
  readonly responses?: Readonly<Record<string, MockResponse>>;
}

interface MockResponse {
  readonly statusCode: string | number;
  readonly responseTemplates?: Readonly<Record<string, string>>;
}

interface Operation {
  readonly operationId?: string;
  /** Where several operations are answered by one function. */
  readonly 'x-wallcrawler-function'?: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly 'x-amazon-apigateway-integration'?: Integration;
}

interface SecurityScheme {
  readonly type: string;
  readonly 'x-amazon-apigateway-authorizer'?: {
    readonly identitySource?: string;
    readonly authorizerResultTtlInSeconds?: number;
  };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly security?: Operation['security'];
  /** Bodies of these types reach functions as base64. */
  readonly 'x-amazon-apigateway-binary-media-types'?: readonly string[];
  readonly components?: { readonly securitySchemes?: Readonly<Record<string, SecurityScheme>> };
}

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

export type Matcher = (method: string, path: string) => RouteMatch | undefined;

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
    functionName: operation['x-wallcrawler-function'] ?? toFunctionName(operationId),
    isAuthorized: schemes.some((name) => document.components?.securitySchemes?.[name]?.type === 'apiKey'),
    integration: operation['x-amazon-apigateway-integration'] ?? {},
  };
}

/** createSession is built as create-session. */
const toFunctionName = (operationId: string): string =>
  operationId.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A resource as an expression with a group for each parameter. A slash at the end does not count, as in API Gateway. */
const toPattern = (resource: string): RegExp =>
  new RegExp(`^${resource.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`);

/**
 * Returns a matcher of method and path; undefined when there is no such route. A literal segment is preferred to a
 * parameter. Throws a URIError for a path that is not properly encoded.
 */
export function createMatcher(routes: readonly Route[]): Matcher {
  const parameterCount = ({ resource }: Route): number => resource.split('{').length;
  const candidates = [...routes]
    .sort((a, b) => parameterCount(a) - parameterCount(b))
    .map((route) => ({ route, pattern: toPattern(route.resource) }));
  return (method, path) => {
    decodeURIComponent(path);
    const found = candidates.find(({ route, pattern }) => route.method === method && pattern.test(path));
    if (found === undefined) return undefined;
    const groups = Object.entries(found.pattern.exec(path)?.groups ?? {});
    const decoded = groups.map(([name, value]) => [name, decodeURIComponent(value)]);
    return { route: found.route, pathParameters: Object.fromEntries(decoded) };
  };
}
