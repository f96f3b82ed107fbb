import type { UpdateOutcome } from '../../core/aws/dynamodb/conditional-update.ts';
import type { SessionStep } from '../../core/aws/sessions/sessions-table.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type LoadTokenKeys } from './authenticate-container.ts';
import { instructionAfter } from './instruction.ts';

export interface ReportHeartbeatDeps {
  readonly loadTokenKeys: LoadTokenKeys;
  readonly stepSession: (sessionId: string, step: SessionStep) => Promise<UpdateOutcome<Session>>;
  readonly now: () => Date;
}

/**
 * POST /internal/sessions/{id}/heartbeat: the container lives, with this many clients. READY and ACTIVE follow the
 * count; in every other state only the time is noted.
 */
export const reportHeartbeat =
  ({ loadTokenKeys, stepSession, now }: ReportHeartbeatDeps) =>
  async (request: ApiRequest<{ readonly connectionCount: number }>): Promise<ApiResponse> => {
    const sessionId = await authenticateContainer(loadTokenKeys, request);
    const { connectionCount } = request.body;
    const at = now().toISOString();
    const set = { connectionCount, lastHeartbeatAt: at, updatedAt: at };
    const moved = await stepSession(sessionId, {
      to: connectionCount > 0 ? 'ACTIVE' : 'READY',
      set,
      from: ['READY', 'ACTIVE'],
    });
    return ok(instructionAfter(sessionId, moved.applied ? moved : await stepSession(sessionId, { set })));
  };
