/** What CloudFront does with a request before the API sees it: the viewer-request function (CloudFront Functions, 2.0). */
import { createContext, Script } from 'node:vm';

interface EdgeValue {
  readonly value: string;
  readonly multiValue?: readonly { readonly value: string }[];
}

/** As much of a request as our function looks at: it reads the path, and reads and writes headers. */
interface EdgeRequest {
  readonly uri: string;
  readonly headers: Readonly<Record<string, EdgeValue>>;
}

/** Headers by lower-case name: of several values the last, as API Gateway hands them on. */
export type Headers = Readonly<Record<string, string>>;

/** Takes the path and the headers of a Node request (`headersDistinct`). */
export type EdgeStep = (uri: string, distinct: NodeJS.Dict<string[]>) => Promise<Headers>;

const toEdgeValue = (values: readonly string[]): EdgeValue => ({
  value: values[0] ?? '',
  ...(values.length > 1 ? { multiValue: values.map((value) => ({ value })) } : {}),
});

/** Runs the function `handler` of `source`, which has no more of the machine than it has at the edge: the language. */
export function createEdgeStep(source: string): EdgeStep {
  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  new Script(source, { filename: 'viewer-request.js' }).runInContext(context);
  const handler = context.handler as (event: { request: EdgeRequest }) => EdgeRequest | Promise<EdgeRequest>;
  return async (uri, distinct) => {
    const sent = Object.entries(distinct).map(([name, values = []]) => [name, toEdgeValue(values)] as const);
    const { headers } = await handler({ request: { uri, headers: Object.fromEntries(sent) } });
    const passed = Object.entries(headers);
    return Object.fromEntries(
      passed.map(([name, { value, multiValue }]) => [name, multiValue?.at(-1)?.value ?? value]),
    );
  };
}
