import type { SessionFilter, SessionPage } from '../../core/aws/sessions/list-sessions.ts';
import { AppError } from '../../core/domain/errors.ts';
import {
  type MetadataQuery,
  MetadataQueryError,
  matchesMetadata,
  parseMetadataQuery,
} from '../../core/domain/metadata-query.ts';
import { isTerminal, type PublicStatus, statusesSeenAs } from '../../core/domain/session.ts';
import { fromCursor, type SessionPosition, toCursor } from '../../core/domain/session-position.ts';
import { toSessionView } from '../../core/domain/session-view.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface ListSessionsQuery {
  readonly status?: PublicStatus;
  readonly q?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface ListSessionsDeps {
  readonly listProjectSessions: (projectId: string, filter: SessionFilter) => Promise<SessionPage>;
  readonly now: () => Date;
}

// A session is at most about 2 KB here, so this stays below Lambda's 6 MB for one answer.
const MAX_SESSIONS = 1000;

/** GET /v1/sessions: the project's sessions, newest first, as a bare array; its `link` header names the next page. */
export const listSessions =
  ({ listProjectSessions, now }: ListSessionsDeps) =>
  async ({ access, query }: ApiRequest<unknown, ListSessionsQuery>): Promise<ApiResponse> => {
    const { status, q, limit = MAX_SESSIONS, cursor } = query;
    const { sessions, next } = await listProjectSessions(access.projectId, {
      limit,
      ...(cursor === undefined ? {} : { after: parseCursor(cursor) }),
      ...(status === undefined ? {} : byStatus(status, now())),
      ...(q === undefined ? {} : byMetadata(parseQuery(q))),
    });
    const answer = ok(sessions.map(toSessionView));
    return next === undefined ? answer : { ...answer, headers: { link: linkTo(query, next) } };
  };

/** By RFC 8288: the same list, from there on. */
function linkTo(query: ListSessionsQuery, next: SessionPosition): string {
  const asked = Object.entries({ ...query, cursor: toCursor(next) });
  const parameters = new URLSearchParams(
    Object.fromEntries(asked.map(([name, value]) => [name, String(value)])),
  );
  return `</v1/sessions?${parameters}>; rel="next"`;
}

const byMetadata = (wanted: MetadataQuery): Pick<SessionFilter, 'matches'> => ({
  matches: ({ userMetadata }) =>
    userMetadata !== undefined && matchesMetadata(wanted, JSON.parse(userMetadata)),
});

/** No session lives longer than the key that signs for it, so those that live are found without a project's whole history. */
function byStatus(status: PublicStatus, now: Date): Pick<SessionFilter, 'statuses' | 'since'> {
  const statuses = statusesSeenAs(status);
  return statuses.some(isTerminal)
    ? { statuses }
    : { statuses, since: new Date(now.getTime() - CREDENTIALS.retiredKeyMs) };
}

function parseQuery(source: string): MetadataQuery {
  try {
    return parseMetadataQuery(source);
  } catch (error) {
    if (error instanceof MetadataQueryError) throw new AppError('METADATA_QUERY_INVALID', [error.message]);
    throw error;
  }
}

function parseCursor(text: string): SessionPosition {
  const position = fromCursor(text);
  if (position === undefined)
    throw new AppError('BAD_REQUEST', ['querystring/cursor must be one that this list has given']);
  return position;
}
