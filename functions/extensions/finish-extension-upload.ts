import { rm } from 'node:fs/promises';
import { AppError } from '../../core/domain/errors.ts';
import { type Extension, toExtensionView } from '../../core/domain/extension.ts';
import { MAX_EXTENSIONS_OF_A_PROJECT } from '../../core/domain/extension-limits.ts';
import { fileNameOf } from '../../core/domain/file-name.ts';
import { isUuid } from '../../core/domain/ids.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { requireUsableZip } from './require-usable-zip.ts';

export interface FinishExtensionUploadDeps {
  readonly now: () => Date;
  readonly getExtension: (extensionId: string) => Promise<Extension | undefined>;
  readonly countExtensions: (projectId: string) => Promise<number>;
  /** Where the zip is looked at: a file that nobody else has. */
  readonly newFile: () => string;
  /** The upload's size; undefined where there is none. */
  readonly saveUpload: (projectId: string, uploadId: string, file: string) => Promise<number | undefined>;
  readonly putZip: (extension: Extension, file: string) => Promise<void>;
  /** False where it is there already. */
  readonly storeExtension: (extension: Extension) => Promise<boolean>;
  readonly deleteUpload: (projectId: string, uploadId: string) => Promise<void>;
}

export interface FinishExtensionUploadBody {
  readonly fileName: string;
}

/**
 * POST /v1/extensions/uploads/{id}: makes an extension of what was uploaded. It has the upload's id, so that to ask again is
 * answered with the same one.
 */
export const finishExtensionUpload =
  (deps: FinishExtensionUploadDeps) =>
  async ({ access, pathId, body }: ApiRequest<FinishExtensionUploadBody>): Promise<ApiResponse> => {
    const { projectId } = access;
    const fileName = fileNameOf(body.fileName);
    if (fileName === undefined)
      throw new AppError('BAD_REQUEST', ['body/fileName must be the name of a file, of at most 255 bytes']);
    if (!isUuid(pathId)) throw new AppError('EXTENSION_UPLOAD_NOT_FOUND', [pathId]);
    const earlier = await deps.getExtension(pathId);
    if (earlier?.projectId === projectId) return ok(toExtensionView(earlier));
    if ((await deps.countExtensions(projectId)) >= MAX_EXTENSIONS_OF_A_PROJECT)
      throw new AppError('TOO_MANY_EXTENSIONS', [MAX_EXTENSIONS_OF_A_PROJECT]);
    const file = deps.newFile();
    try {
      const extension = await make(deps, { projectId, uploadId: pathId, fileName, file });
      await deps.deleteUpload(projectId, pathId);
      return ok(toExtensionView(extension));
    } finally {
      await rm(file, { force: true });
    }
  };

interface Upload {
  readonly projectId: string;
  readonly uploadId: string;
  readonly fileName: string;
  readonly file: string;
}

/** What is stored is what was checked: its URL is still good, and may put another zip in the upload's place meanwhile. */
async function make(deps: FinishExtensionUploadDeps, upload: Upload): Promise<Extension> {
  const { projectId, uploadId, fileName, file } = upload;
  const sizeBytes = await deps.saveUpload(projectId, uploadId, file);
  if (sizeBytes === undefined) throw new AppError('EXTENSION_UPLOAD_NOT_FOUND', [uploadId]);
  await requireUsableZip({ file }, 'the upload');
  const at = deps.now().toISOString();
  const extension: Extension = {
    extensionId: uploadId,
    projectId,
    fileName,
    sizeBytes,
    createdAt: at,
    updatedAt: at,
  };
  await deps.putZip(extension, file);
  if (await deps.storeExtension(extension)) return extension;
  // Somebody has finished the same upload at the same moment.
  const theirs = await deps.getExtension(uploadId);
  if (theirs === undefined) throw new AppError('EXTENSION_UPLOAD_NOT_FOUND', [uploadId]);
  return theirs;
}
