import { type Context, profileKeyOf, toContextUploadView } from '../../core/domain/context.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireContext } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface UpdateContextDeps {
  readonly getContext: Find<Context>;
  readonly presignUpload: (key: string) => Promise<string>;
}

/** PUT /v1/contexts/{id}: a new upload URL; what is stored stays until something is uploaded. */
export const updateContext =
  ({ getContext, presignUpload }: UpdateContextDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    const context = await requireContext(getContext, access.projectId, pathId);
    return ok(toContextUploadView(context.contextId, await presignUpload(profileKeyOf(context))));
  };
