import * as z from 'zod';
import { AwsError } from './aws-error.ts';
import type { AwsCall, AwsService } from './aws-server.ts';
import { readBody } from './read-body.ts';
import { send } from './respond.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export type CallContext = Pick<AwsCall, 'gone'>;

/** An operation, and the input that it acts on: a member that would have no effect here is refused. */
export interface JsonOperation {
  readonly schema: z.ZodType;
  run(input: never, context: CallContext): object | Promise<object>;
}

export const operation = <Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.infer<Schema>, context: CallContext) => object | Promise<object>,
): JsonOperation => ({ schema, run });

/** Text with at most so many bytes, and not none. */
export const textUpTo = (maxBytes: number) =>
  z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= maxBytes, `is longer than ${maxBytes} bytes`);

// The largest request of these services is 256 KB of payload, which JSON can write as up to six times that.
const MAX_BODY_BYTES = 2 * 1024 * 1024;

interface JsonServiceOptions {
  readonly targetPrefix: string;
  readonly version: '1.0' | '1.1';
  /** The service's own code for an input that it does not take. */
  readonly invalidInput: string;
  readonly operations: Readonly<Record<string, JsonOperation>>;
}

/** A service of the `x-amz-json` protocol: the operation is named by X-Amz-Target. */
export function createJsonService(options: JsonServiceOptions): AwsService {
  const contentType = `application/x-amz-json-${options.version}`;
  return {
    protocol: 'json',
    async handle(call) {
      const [name, { schema, run }] = findOperation(call, options);
      const input = parseInput(await readBody(call, MAX_BODY_BYTES));
      call.authorize(name, input);
      const output = await run(readInput(schema, input, [name, options.invalidInput]) as never, call);
      send(call.response, 200, contentType, JSON.stringify(output));
    },
  };
}

function findOperation(
  { method, path, headers }: AwsCall,
  { targetPrefix, operations }: JsonServiceOptions,
): [name: string, operation: JsonOperation] {
  const target = String(headers['x-amz-target'] ?? '');
  const name = target.startsWith(`${targetPrefix}.`) ? target.slice(targetPrefix.length + 1) : '';
  const found = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (method === 'POST' && path === '/' && found !== undefined) return [name, found];
  const what = target || `${method} ${path}`;
  throw new AwsError('UnknownOperationException', `This stand-in does not support ${what}`);
}

/** The input as `schema` has it; another is refused with the service's own code. */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  [name, code]: readonly [name: string, code: string],
): z.infer<Schema> {
  const { data, error } = schema.safeParse(input);
  if (error === undefined) return data;
  const faults = error.issues.map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`);
  throw new AwsError(code, faults.join('; '));
}

/** The body as an operation's input. */
export function parseInput(body: Buffer): JsonObject {
  const { data } = z.record(z.string(), z.unknown()).safeParse(parseJson(body.toString('utf8')));
  if (data === undefined) throw new AwsError('SerializationException', 'The body is not a JSON object');
  return data;
}

/** undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
