/** Says what of a request is not acted on: a 501 (or a 400, where others have it) where that would do harm, a header of the answer otherwise. */
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { AppError } from '../domain/errors.ts';
import { inspectSettings } from '../domain/inspect-settings.ts';
import type { Installation, SettingRows } from '../domain/setting-support.ts';

export const IGNORED_HEADER = 'x-wallcrawler-ignored';
export const DO_NOT_REPEAT = { 'x-should-retry': 'false' };

// The names may be a client's own, as many and as long as it likes; a load balancer gives all headers 16 KB.
const MAX_HEADER_CHARACTERS = 1_024;

/** The body's settings are those of `rows`; runs when the body has passed the contract. */
export function reportSettings(
  rows: SettingRows,
  installation: Installation = {},
): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error> {
  const ignoredOf = new WeakMap<object, string>();
  return {
    before: ({ event }) => {
      const { ignored, refusal, isNotOffered } = inspectSettings(event.body, rows, installation);
      if (refusal !== undefined)
        throw new AppError(isNotOffered ? 'SETTING_NOT_OFFERED' : 'NOT_BUILT', [refusal], {
          headers: DO_NOT_REPEAT,
        });
      if (ignored.length > 0) ignoredOf.set(event.requestContext, toHeader(ignored));
    },
    after: ({ event, response }) => {
      const ignored = ignoredOf.get(event.requestContext);
      if (ignored === undefined || !response) return;
      response.headers = { ...response.headers, [IGNORED_HEADER]: ignored };
    },
  };
}

/** Paths with commas between; what cannot stand in a header, or would be two of them, is percent-encoded. */
function toHeader(paths: readonly string[]): string {
  const parts = paths.map((path) =>
    path.toWellFormed().replace(/[^\x21-\x2b\x2d-\x7e]/gu, encodeURIComponent),
  );
  const text = parts.join(', ');
  return text.length <= MAX_HEADER_CHARACTERS ? text : `${text.slice(0, MAX_HEADER_CHARACTERS)}...`;
}
