import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type ContainerAuthenticationDeps } from './authenticate-container.ts';
import { instructionAfter } from './instruction.ts';

export interface ReportReadyDeps extends ContainerAuthenticationDeps {
  readonly recordContainerReady: (sessionId: string) => Promise<UpdateOutcome<Session>>;
}

/** POST /internal/sessions/{id}/ready: the container's own proxy has spoken CDP with its Chrome. */
export const reportReady =
  (deps: ReportReadyDeps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const sessionId = await authenticateContainer(deps, request);
    return ok(instructionAfter(sessionId, await deps.recordContainerReady(sessionId)));
  };
