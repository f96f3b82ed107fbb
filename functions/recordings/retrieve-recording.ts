import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface RetrieveRecordingDeps {
  readonly getSession: Find<Session>;
}

/** GET /v1/sessions/{id}/recording: events of rrweb, which Browserbase has deprecated. There are none: sessions are filmed. */
export const retrieveRecording =
  ({ getSession }: RetrieveRecordingDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    await requireSession(getSession, access.projectId, pathId);
    return ok([]);
  };
