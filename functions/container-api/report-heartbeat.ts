import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { SessionStep } from '../../core/aws/sessions/step-session.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type ContainerAuthenticationDeps } from './authenticate-container.ts';
import { instructionAfter } from './instruction.ts';

export interface ReportHeartbeatDeps extends ContainerAuthenticationDeps {
  readonly stepSession: (sessionId: string, step: SessionStep) => Promise<UpdateOutcome<Session>>;
}

export interface ReportHeartbeatBody {
  readonly connectionCount: number;
  /** Through the session's proxies so far; missing where it has none. */
  readonly proxyBytes?: number;
}

/**
 * POST /internal/sessions/{id}/heartbeat: the container lives, with this many clients. READY and ACTIVE follow the
 * count; in every other state only the time is noted.
 */
export const reportHeartbeat =
  (deps: ReportHeartbeatDeps) =>
  async (request: ApiRequest<ReportHeartbeatBody>): Promise<ApiResponse> => {
    const container = await authenticateContainer(deps, request);
    const { sessionId } = container;
    const { connectionCount, proxyBytes } = request.body;
    const at = deps.now();
    const set = {
      connectionCount,
      lastHeartbeatAt: at.toISOString(),
      ...(proxyBytes === undefined ? {} : { proxyBytes }),
    };
    const moved = await deps.stepSession(sessionId, {
      to: connectionCount > 0 ? 'ACTIVE' : 'READY',
      set,
      // Somebody has come.
      ...(connectionCount > 0 ? { remove: ['connectDeadlineMs'] } : {}),
      container,
      from: ['READY', 'ACTIVE'],
      at,
    });
    const noted = moved.applied ? moved : await deps.stepSession(sessionId, { set, container, at });
    return ok(instructionAfter(container, noted));
  };
