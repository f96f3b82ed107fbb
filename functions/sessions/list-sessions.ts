import type { SessionFilter } from '../../core/aws/sessions/list-sessions.ts';
import { AppError } from '../../core/domain/errors.ts';
import {
  type MetadataQuery,
  MetadataQueryError,
  matchesMetadata,
  parseMetadataQuery,
} from '../../core/domain/metadata-query.ts';
import { isTerminal, type PublicStatus, type Session, statusesSeenAs } from '../../core/domain/session.ts';
import { toSessionView } from '../../core/domain/session-view.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface ListSessionsQuery {
  readonly status?: PublicStatus;
  readonly q?: string;
}

export interface ListSessionsDeps {
  readonly listProjectSessions: (projectId: string, filter: SessionFilter) => Promise<readonly Session[]>;
  readonly now: () => Date;
}

// The contract has no pages. A session is at most about 2 KB here, so this stays below Lambda's 6 MB for one answer.
const MAX_SESSIONS = 1000;

/** GET /v1/sessions: the project's sessions, newest first, as a bare array. */
export const listSessions =
  ({ listProjectSessions, now }: ListSessionsDeps) =>
  async ({ access, query }: ApiRequest<unknown, ListSessionsQuery>): Promise<ApiResponse> => {
    const wanted = query.q === undefined ? undefined : parseQuery(query.q);
    const sessions = await listProjectSessions(access.projectId, {
      limit: MAX_SESSIONS,
      ...(query.status === undefined ? {} : byStatus(query.status, now())),
      ...(wanted === undefined
        ? {}
        : {
            matches: ({ userMetadata }) =>
              userMetadata !== undefined && matchesMetadata(wanted, JSON.parse(userMetadata)),
          }),
    });
    return ok(sessions.map(toSessionView));
  };

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
