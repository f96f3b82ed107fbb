import type { Extension } from '../../core/domain/extension.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireExtension } from '../../core/http/require-owned.ts';
import { type ApiResponse, noContent } from '../../core/http/response.ts';

export interface DeleteExtensionDeps {
  readonly getExtension: Find<Extension>;
  readonly deleteZip: (extension: Extension) => Promise<void>;
  readonly deleteExtension: (extensionId: string) => Promise<void>;
}

/**
 * DELETE /v1/extensions/{id}. Sessions that run keep it. The zip goes first: if the second step fails, the extension can be
 * deleted again.
 */
export const deleteExtension =
  (deps: DeleteExtensionDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    const extension = await requireExtension(deps.getExtension, access.projectId, pathId);
    await deps.deleteZip(extension);
    await deps.deleteExtension(extension.extensionId);
    return noContent();
  };
