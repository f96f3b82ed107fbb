import { AwsError } from './aws-error.ts';
import type { AwsCall, AwsService } from './aws-server.ts';
import { readBody } from './read-body.ts';
import { send } from './respond.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface CallContext {
  /** Aborts when the client goes away before it has its answer. */
  readonly gone: AbortSignal;
}

export type JsonOperation = (input: JsonObject, context: CallContext) => object | Promise<object>;

// The largest request of these services is 256 KB of payload, which JSON can write as up to six times that.
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** A service of the `x-amz-json` protocol: the operation is named by X-Amz-Target. */
export function createJsonService(options: {
  readonly targetPrefix: string;
  readonly version: '1.0' | '1.1';
  readonly operations: Readonly<Record<string, JsonOperation>>;
}): AwsService {
  const contentType = `application/x-amz-json-${options.version}`;
  return {
    protocol: 'json',
    async handle(call) {
      const [name, operation] = findOperation(call, options);
      const body = await readBody(call.request, { maxBytes: MAX_BODY_BYTES, payloadHash: call.payloadHash });
      const input = parseInput(body);
      call.authorize(name, input);
      const output = await operation(input, { gone: call.gone });
      send(call.response, 200, contentType, JSON.stringify(output));
    },
  };
}

function findOperation(
  { method, path, headers }: AwsCall,
  { targetPrefix, operations }: { targetPrefix: string; operations: Readonly<Record<string, JsonOperation>> },
): [name: string, operation: JsonOperation] {
  const target = String(headers['x-amz-target'] ?? '');
  const name = target.startsWith(`${targetPrefix}.`) ? target.slice(targetPrefix.length + 1) : '';
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (method !== 'POST' || path !== '/' || operation === undefined) {
    throw new AwsError(
      'UnknownOperationException',
      `This stand-in does not support ${target || `${method} ${path}`}`,
    );
  }
  return [name, operation];
}

/** The body as an operation's input. */
export function parseInput(body: Buffer): JsonObject {
  try {
    const input: unknown = JSON.parse(body.toString('utf8'));
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as JsonObject;
  } catch {
    // Answered below, like JSON that is not an object.
  }
  throw new AwsError('SerializationException', 'The body is not a JSON object');
}
