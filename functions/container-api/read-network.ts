import type { Certificate } from '../../core/domain/certificate.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireCertificate } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { openProxies } from '../../core/tokens/seal-proxies.ts';
import { authenticateContainer, type ContainerAuthenticationDeps } from './authenticate-container.ts';
import { requireOwn } from './instruction.ts';

export interface ReadNetworkDeps extends ContainerAuthenticationDeps {
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  readonly getCertificate: Find<Certificate>;
}

/**
 * POST /internal/sessions/{id}/network: the certificates and the proxies that this session was created with, and no others.
 * The one way by which the credentials of a proxy leave their seal.
 */
export const readNetwork =
  (deps: ReadNetworkDeps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const container = await authenticateContainer(deps, request);
    const { sessionId } = container;
    const session = await deps.getSession(sessionId);
    if (session === undefined) throw new AppError('SESSION_NOT_FOUND', [sessionId]);
    requireOwn(session, container);
    const { certificateIds = [], projectId } = session;
    const found = await Promise.all(
      certificateIds.map((id) => requireCertificate(deps.getCertificate, projectId, id)),
    );
    const { sealedProxies } = session;
    const proxies =
      sealedProxies === undefined
        ? []
        : await openProxies(sealedProxies, await deps.loadTokenKeys(), session);
    return ok({ certificates: found.map(({ pem }) => pem), proxies });
  };
