import { type Context, profileKeyOf } from '../../core/domain/context.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireContext } from '../../core/http/require-owned.ts';
import { type ApiResponse, noContent } from '../../core/http/response.ts';

export interface DeleteContextDeps {
  readonly getContext: Find<Context>;
  readonly deleteProfile: (key: string) => Promise<void>;
  /** Leaves a tombstone, by which the sweeper finds what is uploaded later. */
  readonly deleteContext: (context: Context) => Promise<void>;
}

/**
 * DELETE /v1/contexts/{id}. The profile goes first: if the second step fails, the context can be deleted again, while
 * the other way round a profile would stay that nobody can name any more.
 */
export const deleteContext =
  (deps: DeleteContextDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    const context = await requireContext(deps.getContext, access.projectId, pathId);
    await deps.deleteProfile(profileKeyOf(context));
    await deps.deleteContext(context);
    return noContent();
  };
