import type { Refusal } from './refusal.ts';

/** What Chrome answers by HTTP on its debugging port: clients ask it before they open a WebSocket. */
export type JsonEndpoint = 'version' | 'list';

const ENDPOINT = /^\/json(?:\/(version|list))?\/?$/;
const COMMAND = /^\/json\/(?:new|activate|close|protocol)(?:\/|$)/;
const APPENDED = /\/json\/version\/?$/;

/** What of Chrome's own HTTP is not served, whoever asks: all of it has a command over the WebSocket. */
export const NOT_OVER_HTTP: Refusal = {
  status: 501,
  message: 'Over HTTP only /json/version and /json/list are served: send Target commands over the WebSocket',
};

export function jsonEndpointOf(path: string): JsonEndpoint | null {
  const match = ENDPOINT.exec(path);
  if (match === null) return null;
  return match[1] === 'version' ? 'version' : 'list';
}

/** Whether Chrome would serve this path, and we do not. */
export const isJsonCommand = (path: string): boolean => COMMAND.test(path);

/**
 * Playwright up to 1.52 and browser-use up to 0.9.5 write the path behind whatever URL they were given, and so behind the
 * key. The URL that they mean; any other stays as it is.
 */
export function readAppendedPath(url: URL): URL {
  const key = url.searchParams.get('signingKey') ?? '';
  if (!APPENDED.test(key)) return url;
  const meant = new URL(url);
  meant.pathname = `${url.pathname.replace(/\/$/, '')}/json/version`;
  meant.searchParams.set('signingKey', key.replace(APPENDED, ''));
  return meant;
}
