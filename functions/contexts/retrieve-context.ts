import { type Context, toContextView } from '../../core/domain/context.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireContext } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface RetrieveContextDeps {
  readonly getContext: Find<Context>;
}

/** GET /v1/contexts/{id} */
export const retrieveContext =
  ({ getContext }: RetrieveContextDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> =>
    ok(toContextView(await requireContext(getContext, access.projectId, pathId)));
