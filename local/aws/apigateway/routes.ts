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
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

interface Node {
  readonly children: Map<string, Node>;
  parameter?: { readonly name: string; readonly node: Node };
  greedy?: { readonly name: string; readonly node: Node };
  readonly routes: Map<string, Route>;
}

const createNode = (): Node => ({ children: new Map(), routes: new Map() });

/** createSession is built as create-session. */
const toFunctionName = (operationId: string): string =>
  operationId.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function toRoute(document: OpenApi, resource: string, method: string, operation: Operation): Route {
  const { operationId } = operation;
  if (operationId === undefined) throw new Error(`${method} ${resource} has no operationId`);
  const schemes = (operation.security ?? document.security ?? []).flatMap(Object.keys);
  return {
    method: method.toUpperCase(),
    resource,
    functionName: operation['x-wallcrawler-function'] ?? toFunctionName(operationId),
    isAuthorized: schemes.some((name) => document.components?.securitySchemes?.[name]?.type === 'apiKey'),
    integration: operation['x-amazon-apigateway-integration'] ?? {},
  };
}

export function readRoutes(document: OpenApi): Route[] {
  return Object.entries(document.paths).flatMap(([resource, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) =>
      toRoute(document, resource, method, item[method] as Operation),
    ),
  );
}

function addRoute(root: Node, route: Route): void {
  let node = root;
  for (const segment of route.resource.split('/').slice(1)) {
    const name = /^\{([^}+]+)(\+?)\}$/.exec(segment);
    if (name === null) {
      const child = node.children.get(segment) ?? createNode();
      node.children.set(segment, child);
      node = child;
    } else {
      const kind = name[2] === '+' ? 'greedy' : 'parameter';
      node[kind] ??= { name: name[1] as string, node: createNode() };
      node = node[kind].node;
    }
  }
  node.routes.set(route.method, route);
}

/** A literal segment is preferred to a parameter, and a parameter to {proxy+}. */
function find(
  node: Node,
  segments: readonly string[],
  method: string,
): [Route, [string, string][]] | undefined {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    const route = node.routes.get(method);
    return route === undefined ? undefined : [route, []];
  }
  const child = node.children.get(segment);
  const literal = child && find(child, rest, method);
  if (literal !== undefined) return literal;
  const { parameter, greedy } = node;
  const named = parameter && segment !== '' ? find(parameter.node, rest, method) : undefined;
  if (named !== undefined) return [named[0], [[parameter?.name as string, segment], ...named[1]]];
  const route = greedy?.node.routes.get(method);
  return route === undefined ? undefined : [route, [[greedy?.name as string, segments.join('/')]]];
}

/**
 * Returns a matcher of method and path; undefined when there is no such route. A slash at the end does not count, as in
 * API Gateway. Throws a URIError for a path that is not properly encoded.
 */
export function createMatcher(
  routes: readonly Route[],
): (method: string, path: string) => RouteMatch | undefined {
  const root = createNode();
  for (const route of routes) addRoute(root, route);
  return (method, path) => {
    const segments = path
      .replace(/(?<=.)\/$/, '')
      .split('/')
      .slice(1)
      .map(decodeURIComponent);
    const found = find(root, segments, method);
    if (found === undefined) return undefined;
    const [route, parameters] = found;
    return { route, pathParameters: parameters.length === 0 ? null : Object.fromEntries(parameters) };
  };
}
