import { type Extension, toExtensionView } from '../../core/domain/extension.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireExtension } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface RetrieveExtensionDeps {
  readonly getExtension: Find<Extension>;
}

/** GET /v1/extensions/{id} */
export const retrieveExtension =
  ({ getExtension }: RetrieveExtensionDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> =>
    ok(toExtensionView(await requireExtension(getExtension, access.projectId, pathId)));
