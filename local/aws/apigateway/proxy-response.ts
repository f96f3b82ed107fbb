/** From what a function answered to what the client gets. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { StreamedResponse } from '../lambda/http-prelude.ts';
import { GatewayError } from './gateway-responses.ts';

interface ProxyResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string | number | boolean>> | null;
  readonly body?: string | null;
}

// Of all that a function may answer, what ours do; whatever else is refused instead of being dropped.
const KNOWN_FIELDS = ['statusCode', 'headers', 'body'];
// The connection is the gateway's own business.
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'content-length']);

const malformed = (cause: unknown): GatewayError => new GatewayError('INTEGRATION_FAILURE', { cause });

function isProxyResult(value: unknown): value is ProxyResult {
  if (typeof value !== 'object' || value === null) return false;
  const { statusCode, headers = null, body = null } = value as Readonly<Record<string, unknown>>;
  const status = Number(statusCode);
  return (
    Object.keys(value).every((field) => KNOWN_FIELDS.includes(field)) &&
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    typeof headers === 'object' &&
    !Array.isArray(headers) &&
    (body === null || typeof body === 'string')
  );
}

/** Sets the headers; a name that Node or HTTP does not allow makes the answer malformed. */
function setHeaders(response: ServerResponse, headers: NonNullable<ProxyResult['headers']>): void {
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
  if (!isProxyResult(value)) throw malformed(new Error('Malformed Lambda proxy response'));
  setHeaders(response, value.headers ?? {});
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json');
  const body = Buffer.from(value.body ?? '');
  response.statusCode = Number(value.statusCode);
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
