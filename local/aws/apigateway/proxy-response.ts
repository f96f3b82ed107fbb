/** From what a function answered to what the client gets. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { StreamedResponse } from '../lambda/http-prelude.ts';
import { GatewayError } from './gateway-responses.ts';

type Scalar = string | number | boolean;

interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, Scalar>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly Scalar[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

type HeaderSource = {
  readonly headers: Readonly<Record<string, Scalar>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly Scalar[]>> | undefined;
  readonly cookies?: readonly string[] | undefined;
};

// The connection is the gateway's own business.
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'content-length']);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

function isProxyResult(value: unknown): value is Partial<ProxyResult> & { statusCode: number } {
  if (!isRecord(value)) return false;
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = value;
  const status = Number(statusCode);
  return (
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    (isAbsent(headers) || isRecord(headers)) &&
    (isAbsent(multiValueHeaders) || isRecord(multiValueHeaders)) &&
    (isAbsent(body) || typeof body === 'string') &&
    (isAbsent(isBase64Encoded) || typeof isBase64Encoded === 'boolean')
  );
}

/** Sets the headers; a name that Node or HTTP does not allow makes the answer malformed. */
function setHeaders(response: ServerResponse, { headers, multiValueHeaders, cookies }: HeaderSource): void {
  const all: [string, string | string[]][] = [
    ...Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...Object.entries(multiValueHeaders ?? {}).map(([name, values]): [string, string[]] => [
      name,
      values.map(String),
    ]),
    ...(cookies === undefined ? [] : [['set-cookie', [...cookies]] as [string, string[]]]),
  ];
  try {
    for (const [name, value] of all) {
      if (!HOP_BY_HOP.has(name.toLowerCase())) response.setHeader(name, value);
    }
  } catch (cause) {
    throw new GatewayError('INTEGRATION_FAILURE', { cause });
  }
}

/** Answers with a buffered result. Throws INTEGRATION_FAILURE when it is not one of a proxy integration. */
export function sendProxyResult(response: ServerResponse, value: unknown, acceptsBinary: boolean): void {
  if (!isProxyResult(value)) {
    throw new GatewayError('INTEGRATION_FAILURE', { cause: new Error('Malformed Lambda proxy response') });
  }
  setHeaders(response, { headers: value.headers ?? {}, multiValueHeaders: value.multiValueHeaders ?? {} });
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json');
  const encoding = value.isBase64Encoded === true && acceptsBinary ? 'base64' : 'utf8';
  const body = Buffer.from(value.body ?? '', encoding);
  response.statusCode = Number(value.statusCode);
  // A 204 has no body, and no length of one.
  if (response.statusCode !== 204) response.setHeader('content-length', body.length);
  response.end(response.statusCode === 204 ? undefined : body);
}

/** Answers with a stream. A stream that breaks off breaks the connection: the client must not take it for complete. */
export async function sendStreamedResponse(
  response: ServerResponse,
  streamed: StreamedResponse,
): Promise<void> {
  setHeaders(response, streamed);
  response.statusCode = streamed.statusCode;
  response.flushHeaders();
  await pipeline(streamed.body, response);
}
