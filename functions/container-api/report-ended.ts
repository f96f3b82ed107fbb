import { type ContainerRef, isContainerOf } from '../../core/domain/container-ref.ts';
import { type EndReason, isEndReason } from '../../core/domain/end-reason.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type ContainerAuthenticationDeps } from './authenticate-container.ts';
import { sessionHasEnded } from './instruction.ts';

export interface ReportEndedBody {
  readonly reason: string;
  readonly detail?: string;
  readonly savedProfileBytes?: number;
  readonly proxyBytes?: number;
}

export interface ReportEndedDeps extends ContainerAuthenticationDeps {
  /** Leaves the session as it is when it has another container. */
  readonly end: (
    container: ContainerRef,
    reason: EndReason,
    detail: string | undefined,
    proxyBytes: number | undefined,
  ) => Promise<Session | undefined>;
  readonly recordSavedProfile: (contextId: string, sessionId: string, sizeBytes: number) => Promise<void>;
}

/** POST /internal/sessions/{id}/ended: the container is done, and has saved its profile if it was to. */
export const reportEnded =
  (deps: ReportEndedDeps) =>
  async (request: ApiRequest<ReportEndedBody>): Promise<ApiResponse> => {
    const container = await authenticateContainer(deps, request);
    const { sessionId } = container;
    const { reason, detail, savedProfileBytes, proxyBytes } = request.body;
    if (!isEndReason(reason)) throw new AppError('BAD_REQUEST', ['body/reason must be a known end reason']);
    const session = await deps.end(container, reason, detail, proxyBytes);
    if (session === undefined) throw new AppError('SESSION_NOT_FOUND', [sessionId]);
    if (!isContainerOf(session, container)) throw sessionHasEnded(session);
    if (
      session.contextId !== undefined &&
      session.persistContext === true &&
      savedProfileBytes !== undefined
    ) {
      await deps.recordSavedProfile(session.contextId, sessionId, savedProfileBytes);
    }
    return ok({ status: session.status });
  };
