import { type Context, toContextView } from '../../core/domain/context.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface RetrieveContextDeps {
  readonly getContext: (projectId: string, contextId: string) => Promise<Context>;
}

/** GET /v1/contexts/{id} */
export const retrieveContext =
  ({ getContext }: RetrieveContextDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> =>
    ok(toContextView(await getContext(access.projectId, pathId)));
