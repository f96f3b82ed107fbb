/**
 * What CloudFront does with a request before the API sees it: the viewer-request function (CloudFront Functions,
 * runtime 2.0), and the header that tells who is asking.
 */
import { createContext, Script } from 'node:vm';

interface EdgeValue {
  value: string;
  multiValue?: { value: string }[];
}

interface EdgeRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: Record<string, EdgeValue>;
}

interface EdgeEvent {
  readonly version: '1.0';
  readonly context: { readonly eventType: 'viewer-request'; readonly requestId: string };
  readonly viewer: { readonly ip: string };
  readonly request: EdgeRequest;
}

/** Headers by lower-case name, each with all its values. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

export interface ViewerRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderValues;
  readonly sourceIp: string;
  readonly requestId: string;
}

export type EdgeStep = (request: ViewerRequest) => Promise<HeaderValues>;

const toEdgeValue = (values: readonly string[]): EdgeValue => ({
  value: values[0] ?? '',
  ...(values.length > 1 ? { multiValue: values.map((value) => ({ value })) } : {}),
});

const fromEdgeValue = ({ value, multiValue }: EdgeValue): string[] =>
  multiValue?.map((item) => item.value) ?? [value];

/** Runs the function `handler` of `source`, which has no more of the machine than it has at the edge: the language. */
export function createEdgeStep(source: string): EdgeStep {
  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  new Script(source, { filename: 'viewer-request.js' }).runInContext(context);
  const handler = context.handler as (event: EdgeEvent) => EdgeRequest | Promise<EdgeRequest>;
  return async ({ method, path, headers, sourceIp, requestId }) => {
    const event: EdgeEvent = {
      version: '1.0',
      context: { eventType: 'viewer-request', requestId },
      viewer: { ip: sourceIp },
      request: {
        method,
        uri: path,
        headers: Object.fromEntries([...headers].map(([name, values]) => [name, toEdgeValue(values)])),
      },
    };
    const result = await handler(event);
    return new Map(Object.entries(result.headers).map(([name, value]) => [name, fromEdgeValue(value)]));
  };
}

/** The headers of a Node request (`headersDistinct`). */
export function readHeaders(distinct: NodeJS.Dict<string[]>): HeaderValues {
  return new Map(Object.entries(distinct).map(([name, values]) => [name, values ?? []]));
}

/**
 * The headers as API Gateway receives them from CloudFront: the viewer is the last of x-forwarded-for, and scheme and
 * port are those of this listener, whatever the client said.
 */
export function forwardHeaders(
  headers: HeaderValues,
  sourceIp: string,
  host: string,
  port: number,
): HeaderValues {
  const forwarded = new Map(headers);
  forwarded.set('host', [host]);
  forwarded.set('x-forwarded-for', [[...(headers.get('x-forwarded-for') ?? []), sourceIp].join(', ')]);
  forwarded.set('x-forwarded-proto', ['http']);
  forwarded.set('x-forwarded-port', [String(port)]);
  return forwarded;
}
