import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import { parseClaimKey } from '../../core/domain/claim-key.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { WarmClaim, WarmContainer } from '../../core/domain/warm-container.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { ContainerAuthenticationDeps } from './authenticate-container.ts';
import { authenticateWarmContainer } from './authenticate-warm-container.ts';

export interface ReportWarmReadyDeps extends ContainerAuthenticationDeps {
  readonly logger: Logger;
  readonly recordWarmReady: (warmId: string, publicKey: string) => Promise<UpdateOutcome<WarmContainer>>;
  readonly getWarmClaim: (warmId: string) => Promise<WarmClaim | undefined>;
}

export interface ReportWarmReadyBody {
  readonly publicKey: string;
  readonly sandbox: 'on' | 'off';
}

/**
 * POST /internal/warm/{id}/ready: the own proxy of a warm container has spoken CDP with its Chrome; repeated, that it still
 * waits. 409 when its slot is
 * not its own any more: then it ends. Not when it was claimed since: its first report did arrive, and only the answer did
 * not.
 */
export const reportWarmReady =
  (deps: ReportWarmReadyDeps) =>
  async (request: ApiRequest<ReportWarmReadyBody>): Promise<ApiResponse> => {
    const warmId = await authenticateWarmContainer(deps, request);
    const publicKey = parseClaimKey(request.body.publicKey);
    if (publicKey === undefined)
      throw new AppError('BAD_REQUEST', ['body/publicKey must be a public X25519 JWK']);
    const { applied, item } = await deps.recordWarmReady(warmId, publicKey);
    if (item?.warmId === warmId) {
      const { status, expiresAt } = item;
      // It comes every minute: only the first one is news.
      if (applied)
        deps.logger.info('warm container ready', { warmId, status, sandbox: request.body.sandbox });
      return ok({ status, expiresAt });
    }
    if ((await deps.getWarmClaim(warmId)) === undefined) throw new AppError('NOT_IN_POOL', [warmId]);
    return ok({ status: 'CLAIMED', expiresAt: null });
  };
