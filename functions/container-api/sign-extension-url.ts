import { AppError } from '../../core/domain/errors.ts';
import type { Extension } from '../../core/domain/extension.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireExtension } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type ContainerAuthenticationDeps } from './authenticate-container.ts';
import { requireOwn } from './instruction.ts';

export interface SignExtensionUrlDeps extends ContainerAuthenticationDeps {
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  readonly getExtension: Find<Extension>;
  readonly presignZip: (extension: Extension) => Promise<string>;
}

/** POST /internal/sessions/{id}/extension-urls: where this session's own extension is, and no other. */
export const signExtensionUrl =
  (deps: SignExtensionUrlDeps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const container = await authenticateContainer(deps, request);
    const { sessionId } = container;
    const session = await deps.getSession(sessionId);
    if (session === undefined) throw new AppError('SESSION_NOT_FOUND', [sessionId]);
    requireOwn(session, container);
    const { extensionId, projectId } = session;
    if (extensionId === undefined) throw new AppError('EXTENSION_NOT_IN_SESSION', [sessionId]);
    return ok({
      url: await deps.presignZip(await requireExtension(deps.getExtension, projectId, extensionId)),
    });
  };
