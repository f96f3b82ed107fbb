import type { Json } from '../chrome/connection.ts';
import { LOG_LIMITS } from './limits.ts';
import { mask } from './mask.ts';

/** The session's log begins to count pages at 1; this is the browser itself. */
export const BROWSER_ITSELF = 0;

export interface LoggedRequest {
  readonly timestamp: number;
  readonly params: Json;
  readonly rawBody: string;
}

export interface LoggedResponse {
  readonly timestamp: number;
  readonly result: Json;
  readonly rawBody: string;
}

/** A command with its answer, or an event; what the contract calls SessionLog. Masked. */
export interface LogRow {
  readonly method: string;
  readonly pageId: number;
  readonly request: LoggedRequest;
  readonly response?: LoggedResponse;
  readonly frameId?: string;
  readonly loaderId?: string;
}

/** Parameters of a method, masked; of what is too long only that. */
export function requestOf(method: string, params: Json, timestamp: number): LoggedRequest {
  const masked = mask(method, params);
  const rawBody = JSON.stringify(masked);
  return rawBody.length < LOG_LIMITS.maxBodyBytes
    ? { timestamp, params: masked, rawBody }
    : { timestamp, params: {}, rawBody: lengthOnly(rawBody.length) };
}

/** What Chrome has answered: its result, or an error under its own name. */
export function responseOf(method: string, { result, error }: Json, timestamp: number): LoggedResponse {
  const shown = error === undefined ? mask(method, asObject(result)) : { error: errorOf(asObject(error)) };
  return { timestamp, result: shown, rawBody: JSON.stringify(shown) };
}

/** What is too long to be looked into. */
export const lengthOnly = (bytes: number): string => `[${bytes} bytes]`;

export const eventRow = (method: string, pageId: number, params: Json, timestamp: number): LogRow => ({
  method,
  pageId,
  request: requestOf(method, params, timestamp),
  ...placeOf(params),
});

/** Where in a page it was. */
export function placeOf(params: Json): Pick<LogRow, 'frameId' | 'loaderId'> {
  const { frameId, loaderId } = params;
  return {
    ...(isName(frameId) ? { frameId } : {}),
    ...(isName(loaderId) ? { loaderId } : {}),
  };
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LOG_LIMITS.maxNameCharacters;

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};

/** Chrome's own words, bounded: they can name what a client has sent. */
const errorOf = ({ code, message }: Json): Json => ({
  code: typeof code === 'number' ? code : 0,
  message: typeof message === 'string' ? message.slice(0, LOG_LIMITS.maxNameCharacters) : '',
});
