/** From what a function answered to what the client gets. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { StreamedResponse } from '../lambda/lambda.ts';
import { GatewayError } from './gateway-responses.ts';

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
export function sendProxyResult(response: ServerResponse, value: unknown): void {
  const { data: result, error } = PROXY_RESULT.safeParse(value);
  if (result === undefined) throw malformed(error);
  setHeaders(response, result.headers ?? {});
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json');
  const body = Buffer.from(result.body ?? '');
  response.statusCode = result.statusCode;
  // A 204 has no body, and no length of one.
  if (response.statusCode !== 204) response.setHeader('content-length', body.length);
  response.end(response.statusCode === 204 ? undefined : body);
}

/** Answers with a stream. A stream that breaks off breaks the connection: the client must not take it for complete. */
export async function sendStreamedResponse(
  response: ServerResponse,
  { statusCode, headers, body }: StreamedResponse,
): Promise<void> {
  setHeaders(response, headers);
  response.statusCode = statusCode;
  response.flushHeaders();
  await pipeline(body, response);
}
