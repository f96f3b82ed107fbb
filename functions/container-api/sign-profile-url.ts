import { type Context, profileKeyOf } from '../../core/domain/context.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { ArchiveId, ProfileSave, SignedSave } from '../../core/domain/profile-save.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireContext } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type ContainerAuthenticationDeps } from './authenticate-container.ts';
import { requireOwn } from './instruction.ts';

export interface SignProfileUrlDeps extends ContainerAuthenticationDeps {
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  readonly getContext: Find<Context>;
  readonly presignDownload: (key: string) => Promise<string>;
  readonly presignUpload: (key: string) => Promise<string>;
  readonly presignSave: (save: ProfileSave) => Promise<SignedSave>;
}

export interface SignProfileUrlBody {
  readonly operation: 'restore' | 'persist';
  /** Which archive a save is to replace; a controller of an earlier version does not say. */
  readonly replaces?: ArchiveId;
}

/**
 * POST /internal/sessions/{id}/profile-urls: a URL for the archive of this session's own context, and of no other.
 * One to write it with is signed only if the session was created with `persist`.
 */
export const signProfileUrl =
  (deps: SignProfileUrlDeps) =>
  async (request: ApiRequest<SignProfileUrlBody>): Promise<ApiResponse> => {
    const container = await authenticateContainer(deps, request);
    const { sessionId } = container;
    const { operation, replaces } = request.body;
    const session = await deps.getSession(sessionId);
    if (session === undefined) throw new AppError('SESSION_NOT_FOUND', [sessionId]);
    requireOwn(session, container);
    const { contextId, persistContext, projectId } = session;
    if (contextId === undefined || (operation === 'persist' && persistContext !== true)) {
      throw new AppError('CONTEXT_NOT_IN_SESSION', [sessionId, operation]);
    }
    // Not when it was deleted meanwhile: a late save does not bring it back.
    const profileKey = profileKeyOf(await requireContext(deps.getContext, projectId, contextId));
    if (operation === 'restore') return ok({ url: await deps.presignDownload(profileKey) });
    if (replaces === undefined) return ok({ url: await deps.presignUpload(profileKey) });
    return ok(await deps.presignSave({ profileKey, sessionId, replaces }));
  };
