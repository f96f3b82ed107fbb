import { Readable } from 'node:stream';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import { streamLog } from './stream-log.ts';

export interface ListSessionLogsDeps {
  readonly getSession: Find<Session>;
  /** The keys of all segments that are stored by now, in their order. */
  readonly listSegments: (session: Session) => Promise<readonly string[]>;
  readonly openSegment: (key: string) => Promise<Readable>;
}

/** GET /v1/sessions/{id}/logs: what is stored of the session's log, while it runs and after it. */
export const listSessionLogs =
  ({ getSession, listSegments, openSegment }: ListSessionLogsDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    const session = await requireSession(getSession, access.projectId, pathId);
    const keys = await listSegments(session);
    return { status: 200, stream: Readable.from(streamLog(keys, openSegment), { objectMode: false }) };
  };
