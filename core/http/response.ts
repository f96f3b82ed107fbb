import { STATUS_CODES } from 'node:http';
import type { Readable } from 'node:stream';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { StoreDownError } from '../aws/artifacts/store-down-error.ts';
import { TransactionBusyError } from '../aws/dynamodb/transaction-busy-error.ts';
import { TokenKeysUnreadableError } from '../aws/keys/load-token-keys.ts';
import { outageOf } from '../aws/outage.ts';
import { AppError } from '../domain/errors.ts';
import { RETRY } from '../domain/timing.ts';
import { describeFault, mainFault } from './describe-fault.ts';

/** What a use case answers. */
export interface ApiResponse {
  readonly status: number;
  readonly body?: unknown;
  /** JSON as it comes, instead of `body`: of a function that streams its answer. */
  readonly stream?: Readable;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = (body: unknown): ApiResponse => ({ status: 200, body });
export const created = (body: unknown, headers?: Readonly<Record<string, string>>): ApiResponse => ({
  status: 201,
  body,
  ...(headers === undefined ? {} : { headers }),
});
export const noContent = (): ApiResponse => ({ status: 204 });

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };

export const toProxyResult = ({ status, body, stream, headers }: ApiResponse): APIGatewayProxyResult => {
  // middy pipes it; the types of API Gateway know of texts only.
  if (stream !== undefined)
    return {
      statusCode: status,
      headers: { ...JSON_HEADERS, ...headers },
      body: stream as unknown as string,
    };
  return body === undefined
    ? { statusCode: status, headers: { 'cache-control': 'no-store' }, body: '' }
    : { statusCode: status, headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(body) };
};

/** The one error shape of the API: {statusCode, error, message}, and what a program may want to know besides. */
export const toErrorResult = (error: AppError): APIGatewayProxyResult => ({
  statusCode: error.status,
  headers: { ...JSON_HEADERS, ...error.headers },
  body: JSON.stringify({
    statusCode: error.status,
    error: STATUS_CODES[error.status] ?? 'Error',
    message: error.message,
    ...error.facts,
  }),
});

const RETRY_LATER = { 'retry-after': String(RETRY.outageSeconds) };

/** An error as middy's own middlewares throw it. */
interface MiddyError {
  readonly statusCode: number;
  readonly cause?: { readonly data?: unknown };
}

/** Any failure as one of the catalogue; what is not known becomes INTERNAL, and its own text stays inside. */
export function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof TokenKeysUnreadableError)
    return new AppError('KEYS_UNREADABLE', [error.reason], { cause: error, headers: RETRY_LATER });
  const outage = outageOf(error);
  if (outage !== undefined)
    return new AppError('AWS_OUTAGE', [outage], { cause: error, headers: RETRY_LATER });
  if (error instanceof Error && error.name === 'TimeoutError')
    return new AppError('TOO_SLOW', [requestId], { cause: error });
  if (error instanceof StoreDownError) return new AppError('STORE_DOWN', [], { cause: error });
  if (error instanceof TransactionBusyError) return new AppError('BUSY', [], { cause: error });
  if (isMiddyError(error)) {
    if (error.statusCode === 415) return new AppError('UNSUPPORTED_MEDIA_TYPE', ['application/json']);
    const faults = error.cause?.data;
    if (error.statusCode === 400 && Array.isArray(faults))
      return new AppError('BAD_REQUEST', [describeFault(mainFault(faults))]);
    if (error.statusCode < 500) return new AppError('BAD_REQUEST', ['body must be valid JSON']);
  }
  return new AppError('INTERNAL', [requestId], { cause: error });
}

const isMiddyError = (error: unknown): error is MiddyError =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
