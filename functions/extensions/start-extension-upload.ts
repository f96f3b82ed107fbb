import { AppError } from '../../core/domain/errors.ts';
import { MAX_EXTENSIONS_OF_A_PROJECT } from '../../core/domain/extension-limits.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, created } from '../../core/http/response.ts';

export interface StartExtensionUploadDeps {
  readonly newId: () => string;
  readonly now: () => Date;
  readonly urlSeconds: number;
  readonly countExtensions: (projectId: string) => Promise<number>;
  /** A URL that stores just so many bytes. */
  readonly presignUpload: (projectId: string, uploadId: string, sizeBytes: number) => Promise<string>;
}

export interface StartExtensionUploadBody {
  readonly sizeBytes: number;
}

/** POST /v1/extensions/uploads: where to PUT a zip that is too large for a create. Nothing of it is kept here. */
export const startExtensionUpload =
  (deps: StartExtensionUploadDeps) =>
  async ({ access, body }: ApiRequest<StartExtensionUploadBody>): Promise<ApiResponse> => {
    // Before anybody sends 100 MB for nothing.
    if ((await deps.countExtensions(access.projectId)) >= MAX_EXTENSIONS_OF_A_PROJECT)
      throw new AppError('TOO_MANY_EXTENSIONS', [MAX_EXTENSIONS_OF_A_PROJECT]);
    const id = deps.newId();
    return created({
      id,
      uploadUrl: await deps.presignUpload(access.projectId, id, body.sizeBytes),
      expiresAt: new Date(deps.now().getTime() + deps.urlSeconds * 1_000).toISOString(),
    });
  };
