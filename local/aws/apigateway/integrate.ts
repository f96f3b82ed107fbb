/** The integration of a route: its function, invoked within the time the gateway gives it. */
import type { ServerResponse } from 'node:http';
import type { StreamedResponse } from '../lambda/lambda.ts';
import { GatewayError, type GatewayResponseType } from './gateway-responses.ts';
import { sendProxyResult, sendStreamedResponse } from './proxy-response.ts';
import type { Route } from './routes.ts';

/** The part of Lambda that the gateway calls. */
export interface Functions {
  invoke(functionName: string, event: unknown): Promise<unknown>;
  invokeStreaming(functionName: string, event: unknown): Promise<StreamedResponse>;
}

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
    const invocation = functions.invokeStreaming(functionName, event);
    const streamed = await within(timeoutMs, invocation, (late) => late.body.destroy());
    await sendStreamedResponse(response, streamed);
  } else {
    const result = await within(timeoutMs, functions.invoke(functionName, event), () => undefined);
    sendProxyResult(response, result);
  }
}
