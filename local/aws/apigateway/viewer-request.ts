/**
 * What CloudFront does with a request before the API sees it: the viewer-request function (CloudFront Functions,
 * runtime 2.0), and the header that tells who is asking.
 */
import { createContext, Script } from 'node:vm';

interface EdgeValue {
  readonly value: string;
  readonly multiValue?: readonly { readonly value: string }[];
}

type EdgeHeaders = Readonly<Record<string, EdgeValue>>;

/** As much of a request as our function looks at: it reads and writes headers. */
interface EdgeRequest {
  readonly headers: EdgeHeaders;
}

/** Headers by lower-case name, each with all its values. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

export type EdgeStep = (headers: HeaderValues) => Promise<HeaderValues>;

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
  const handler = context.handler as (event: { request: EdgeRequest }) => EdgeRequest | Promise<EdgeRequest>;
  return async (values) => {
    const headers = Object.fromEntries([...values].map(([name, each]) => [name, toEdgeValue(each)]));
    const result = await handler({ request: { headers } });
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
