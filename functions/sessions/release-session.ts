import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import { isTerminal, type Session } from '../../core/domain/session.ts';
import { toSessionView } from '../../core/domain/session-view.ts';
import { type ApiRequest, projectOf } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface ReleaseSessionDeps {
  readonly getSession: Find<Session>;
  /** Steps into TERMINATING with this reason; not applied when the session is there already, or has ended. */
  readonly recordRelease: (sessionId: string, endReason: EndReason) => Promise<UpdateOutcome<Session>>;
  readonly stopTask: (taskArn: string, reason: string) => Promise<void>;
}

/**
 * POST /v1/sessions/{id} with REQUEST_RELEASE: asks the container to end; it closes Chrome, saves the profile and
 * reports the end. Asking again is no error, and asks the container again.
 */
export const releaseSession =
  ({ getSession, recordRelease, stopTask }: ReleaseSessionDeps) =>
  async ({ access, pathId, body }: ApiRequest<{ readonly projectId?: string }>): Promise<ApiResponse> => {
    const projectId = projectOf(access, body.projectId);
    const found = await requireSession(getSession, projectId, pathId);
    if (isTerminal(found.status)) return ok(toSessionView(found));
    const { item: session = found } = await recordRelease(found.sessionId, 'released');
    // A session without a task is still being created; its create sees TERMINATING and stops what it started.
    if (session.taskArn !== undefined && !isTerminal(session.status))
      await stopTask(session.taskArn, 'released');
    return ok(toSessionView(session));
  };
