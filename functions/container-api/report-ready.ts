import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { ContainerRef } from '../../core/domain/container-ref.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type ContainerAuthenticationDeps } from './authenticate-container.ts';
import { instructionAfter } from './instruction.ts';

export interface ReportReadyDeps extends ContainerAuthenticationDeps {
  readonly recordContainerReady: (container: ContainerRef) => Promise<UpdateOutcome<Session>>;
}

/** POST /internal/sessions/{id}/ready: the container's own proxy has spoken CDP with its Chrome. */
export const reportReady =
  (deps: ReportReadyDeps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const container = await authenticateContainer(deps, request);
    return ok(instructionAfter(container, await deps.recordContainerReady(container)));
  };
