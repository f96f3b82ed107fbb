import type { UpdateOutcome } from '../../core/aws/dynamodb/conditional-update.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type LoadTokenKeys } from './authenticate-container.ts';
import { instructionAfter } from './instruction.ts';

export interface ReportReadyDeps {
  readonly loadTokenKeys: LoadTokenKeys;
  readonly recordContainerReady: (sessionId: string) => Promise<UpdateOutcome<Session>>;
}

/** POST /internal/sessions/{id}/ready: the container's own proxy has spoken CDP with its Chrome. */
export const reportReady =
  ({ loadTokenKeys, recordContainerReady }: ReportReadyDeps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const sessionId = await authenticateContainer(loadTokenKeys, request);
    return ok(instructionAfter(sessionId, await recordContainerReady(sessionId)));
  };
