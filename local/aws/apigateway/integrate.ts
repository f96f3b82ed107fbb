/** The integration of a route: its function, invoked within the time the gateway gives it, and what the client gets. */
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { cutAnswer } from '../../../core/server/pass-answer-on.ts';
import type { Lambda, StreamedResponse } from '../lambda/lambda.ts';
import { send } from '../wire/respond.ts';
import { GatewayError, type GatewayResponseType } from './gateway-responses.ts';
import type { Integration, Route } from './routes.ts';

/** The part of Lambda that the gateway calls. */
export type Functions = Pick<Lambda, 'invoke' | 'invokeStreaming'>;

const JSON_TYPE = 'application/json';
// What API Gateway gives an integration that says nothing else, and the most it gives one that does not stream.
const DEFAULT_TIMEOUT_MS = 29_000;

/** What the gateway says to the errors of Lambda, by their names; all others are faults of the gateway. */
const RESPONSES: Readonly<Record<string, GatewayResponseType>> = {
  FunctionError: 'INTEGRATION_FAILURE',
  MalformedPrelude: 'INTEGRATION_FAILURE',
  TooManyRequestsException: 'THROTTLED',
  RequestTooLargeException: 'REQUEST_TOO_LARGE',
  ResourceNotFoundException: 'DEFAULT_5XX',
};

function toGatewayError(error: unknown): unknown {
  const type = error instanceof Error ? RESPONSES[error.name] : undefined;
  return type === undefined ? error : new GatewayError(type, { cause: error });
}

/** Settles like `invocation`, or rejects with INTEGRATION_TIMEOUT; what comes later goes to `discard`. */
async function within<T>(timeoutMs: number, invocation: Promise<T>, discard: (late: T) => void): Promise<T> {
  let isLate = false;
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    isLate = true;
    reject(new GatewayError('INTEGRATION_TIMEOUT'));
  }, timeoutMs);
  // A failure after the time-out was logged by Lambda; the client has its answer.
  invocation.then(
    (value) => isLate && discard(value),
    () => undefined,
  );
  try {
    return await Promise.race([invocation, timeout]);
  } catch (error) {
    throw toGatewayError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Invokes the function of `route` and answers with what it says. Rejects with a GatewayError where it does not. */
export async function integrate(
  functions: Functions,
  route: Route,
  event: object,
  response: ServerResponse,
): Promise<void> {
  const { functionName, integration } = route;
  const timeoutMs = integration.timeoutInMillis ?? DEFAULT_TIMEOUT_MS;
  if (integration.responseTransferMode === 'STREAM') {
    const left = new AbortController();
    response.once('close', () => left.abort());
    if (response.closed) left.abort();
    const invocation = functions.invokeStreaming(functionName, event, left.signal);
    const streamed = await within(timeoutMs, invocation, (late) => late.body.destroy());
    await sendStreamedResponse(response, streamed);
  } else {
    const result = await within(timeoutMs, functions.invoke(functionName, event), () => undefined);
    sendProxyResult(response, result);
  }
}

/** Of all that a function may answer, what ours do; whatever else is refused instead of being dropped. */
const PROXY_RESULT = z.strictObject({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  body: z.string().nullish(),
});

// The connection is the gateway's own business.
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'content-length']);

const malformed = (cause: unknown): GatewayError => new GatewayError('INTEGRATION_FAILURE', { cause });

/** Sets the headers; a name that Node or HTTP does not allow makes the answer malformed. */
function setHeaders(response: ServerResponse, headers: object): void {
  try {
    for (const [name, value] of Object.entries(headers)) {
      if (!HOP_BY_HOP.has(name.toLowerCase())) response.setHeader(name, String(value));
    }
  } catch (cause) {
    throw malformed(cause);
  }
}

/** Answers with a buffered result. Throws INTEGRATION_FAILURE when it is not one of a proxy integration. */
function sendProxyResult(response: ServerResponse, value: unknown): void {
  const { data: result, error } = PROXY_RESULT.safeParse(value);
  if (result === undefined) throw malformed(error);
  setHeaders(response, result.headers ?? {});
  if (!response.hasHeader('content-type')) response.setHeader('content-type', JSON_TYPE);
  const body = Buffer.from(result.body ?? '');
  response.statusCode = result.statusCode;
  // A 204 has no body, and no length of one.
  if (response.statusCode !== 204) response.setHeader('content-length', body.length);
  response.end(response.statusCode === 204 ? undefined : body);
}

/** Goes out as it comes: its first event may be minutes before its last. */
const EVENT_STREAM_TYPE = 'text/event-stream';
/** What is longer goes out as it comes: a log can be 200 MB. */
const MAX_KEPT_BYTES = 1_048_576;

/**
 * Answers with what is streamed, once it is complete: SDKs of some versions take an answer without a length for cut off, on
 * some versions of Node. A long one is not waited for. Where it breaks off by then, so does the connection: the client must not
 * take it for complete.
 */
async function sendStreamedResponse(
  response: ServerResponse,
  { statusCode, headers, body }: StreamedResponse,
): Promise<void> {
  setHeaders(response, headers);
  response.statusCode = statusCode;
  try {
    if (response.getHeader('content-type') === EVENT_STREAM_TYPE) return await sendAsItComes(response, body);
    const kept: Buffer[] = [];
    let keptBytes = 0;
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      kept.push(chunk);
      keptBytes += chunk.length;
      if (keptBytes > MAX_KEPT_BYTES) break;
    }
    const start = Buffer.concat(kept);
    if (keptBytes <= MAX_KEPT_BYTES) {
      response.setHeader('content-length', start.length);
      response.end(start);
    } else {
      response.write(start);
      await sendAsItComes(response, body);
    }
  } catch (cause) {
    // Nothing of it has left.
    throw response.headersSent ? cause : malformed(cause);
  }
}

async function sendAsItComes(response: ServerResponse, body: Readable): Promise<void> {
  // Before the pipeline hears of it, which would close the connection as if all had been said.
  body.once('error', () => cutAnswer(response));
  response.flushHeaders();
  await pipeline(body, response);
}

/** Answers of a mock integration: no function behind it, its request template says which response is meant. */
export function sendMockResponse(
  response: ServerResponse,
  { requestTemplates, responses = {} }: Integration,
): void {
  const { statusCode } = JSON.parse(requestTemplates?.[JSON_TYPE] ?? '{}') as { statusCode?: number };
  const chosen = Object.values(responses).find((each) => Number(each.statusCode) === statusCode);
  const mock = chosen ?? responses.default;
  if (mock === undefined) throw new GatewayError('DEFAULT_5XX');
  send(response, Number(mock.statusCode), JSON_TYPE, mock.responseTemplates?.[JSON_TYPE] ?? '');
}
