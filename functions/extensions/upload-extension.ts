import { AppError } from '../../core/domain/errors.ts';
import { type Extension, toExtensionView } from '../../core/domain/extension.ts';
import { MAX_EXTENSIONS_OF_A_PROJECT } from '../../core/domain/extension-limits.ts';
import type { UploadedFile } from '../../core/http/multipart.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { requireUsableZip } from './require-usable-zip.ts';

export interface UploadExtensionDeps {
  readonly newId: () => string;
  readonly now: () => Date;
  readonly countExtensions: (projectId: string) => Promise<number>;
  readonly putZip: (extension: Extension, zip: Buffer) => Promise<void>;
  readonly storeExtension: (extension: Extension) => Promise<void>;
}

/** POST /v1/extensions: the zip of an extension that Chrome can load, as far as that can be told without one. */
export const uploadExtension =
  (deps: UploadExtensionDeps) =>
  async ({ access, body }: ApiRequest<{ readonly file: UploadedFile }>): Promise<ApiResponse> => {
    const { name, bytes } = body.file;
    const { projectId } = access;
    await requireUsableZip(bytes, 'body/file');
    // As its index shows it: of two at the same moment both may be taken.
    if ((await deps.countExtensions(projectId)) >= MAX_EXTENSIONS_OF_A_PROJECT)
      throw new AppError('TOO_MANY_EXTENSIONS', [MAX_EXTENSIONS_OF_A_PROJECT]);
    const at = deps.now().toISOString();
    const extension: Extension = {
      extensionId: deps.newId(),
      projectId,
      fileName: name,
      sizeBytes: bytes.length,
      createdAt: at,
      updatedAt: at,
    };
    // First: an extension that is known has its zip. One whose zip nobody knows goes with its project.
    await deps.putZip(extension, bytes);
    await deps.storeExtension(extension);
    return ok(toExtensionView(extension));
  };
