import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../../core/domain/errors.ts';
import { FETCH_LIMITS } from '../../core/domain/fetch-limits.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { DO_NOT_REPEAT } from '../../core/http/settings.ts';
import { readSchema, type Schema, SchemaError } from '../../core/page/read-schema.ts';
import type { PublicAnswer, PublicRequestOptions } from '../../core/public-network/fetch-public.ts';
import {
  PublicNetworkError,
  type PublicNetworkFault,
} from '../../core/public-network/public-network-error.ts';
import { ACCEPTED_ENCODINGS } from '../../core/public-network/read-body.ts';
import { decodeBody, mediaTypeOf } from './decode-body.ts';
import { type Page, toData, toMarkdown, toRaw } from './to-content.ts';

export interface FetchBody {
  readonly url: string;
  readonly allowRedirects?: boolean;
  readonly allowInsecureSsl?: boolean;
  readonly format?: 'raw' | 'json' | 'markdown';
  readonly schema?: unknown;
}

export interface FetchPageDeps {
  readonly fetch: (url: string, options: PublicRequestOptions) => Promise<PublicAnswer>;
}

const HEADERS = {
  'user-agent': 'Mozilla/5.0 (compatible; Wallcrawler)',
  accept: 'text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8',
  'accept-language': 'en',
  'accept-encoding': ACCEPTED_ENCODINGS,
};
/** What the client is to change; anything else is of the site that it names. */
const OF_THE_REQUEST: ReadonlySet<PublicNetworkFault> = new Set([
  'bad-url',
  'refused-address',
  'refused-port',
]);
/** May be otherwise in a moment. */
const PASSING: ReadonlySet<PublicNetworkFault> = new Set(['unreachable', 'bad-answer']);

/**
 * POST /v1/fetch: one page by HTTP, from a public address. Whatever the site answers is a 200 with its status in it; each
 * answer and each failure has an id of its own.
 */
export const fetchPage =
  ({ fetch }: FetchPageDeps) =>
  async ({ body }: ApiRequest<FetchBody>): Promise<ApiResponse> => {
    const id = randomUUID();
    try {
      const toContent = contentOf(body);
      const answer = await fetch(body.url, {
        method: 'GET',
        headers: HEADERS,
        allowInsecureTls: body.allowInsecureSsl === true,
        limits: { ...FETCH_LIMITS, maxRedirects: body.allowRedirects ? FETCH_LIMITS.maxRedirects : 0 },
      });
      return ok({ id, ...toView(answer, toContent) });
    } catch (error) {
      throw withId(error, id);
    }
  };

type ToContent = (page: Page) => string | Record<string, unknown>;

/** The schema is looked at before anybody is asked for anything. */
function contentOf({ format = 'raw', schema }: FetchBody): ToContent {
  if (format === 'markdown') return toMarkdown;
  if (format === 'raw') return toRaw;
  if (schema === undefined)
    throw new AppError('BAD_REQUEST', ['body/schema is required where format is json']);
  const read = schemaOf(schema);
  return (page) => toData(page, read);
}

function schemaOf(schema: unknown): Schema {
  try {
    return readSchema(schema);
  } catch (error) {
    if (error instanceof SchemaError) throw new AppError('BAD_REQUEST', [error.message], { cause: error });
    throw error;
  }
}

function toView({ status, headers, body, url }: PublicAnswer, toContent: ToContent) {
  const contentType = headers['content-type'] ?? '';
  const decoded = decodeBody(body, contentType);
  return {
    statusCode: status,
    headers: toTexts(headers),
    content: toContent({ address: url, mediaType: mediaTypeOf(contentType), decoded }),
    contentType,
    encoding: decoded.kind === 'text' ? decoded.encoding : 'base64',
  };
}

/** One text each; several cookies a line each, since commas stand in them. */
const toTexts = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join('\n') : (value ?? ''),
    ]),
  );

function withId(error: unknown, id: string): unknown {
  if (error instanceof AppError)
    return new AppError(error.code, error.named, {
      cause: error.cause,
      headers: error.headers,
      facts: { id },
    });
  if (!(error instanceof PublicNetworkError)) return error;
  const { fault, message } = error;
  const options = { cause: error, facts: { id }, ...(PASSING.has(fault) ? {} : { headers: DO_NOT_REPEAT }) };
  if (OF_THE_REQUEST.has(fault)) return new AppError('BAD_REQUEST', [`body/url: ${message}`], options);
  return new AppError(fault === 'timed-out' ? 'FETCH_TOO_SLOW' : 'FETCH_FAILED', [message], options);
}
