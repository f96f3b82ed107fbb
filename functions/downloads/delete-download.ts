import { downloadKeyOf } from '../../core/domain/artifact-key.ts';
import type { Download } from '../../core/domain/download.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireDownload } from '../../core/http/require-owned.ts';
import { type ApiResponse, noContent } from '../../core/http/response.ts';

export interface RemoveDownload {
  readonly deleteFile: (key: string) => Promise<void>;
  readonly deleteDownload: (downloadId: string) => Promise<void>;
}

/** The file first: what is still listed can be deleted again. */
export async function removeDownload(
  { deleteFile, deleteDownload }: RemoveDownload,
  download: Download,
): Promise<void> {
  await deleteFile(downloadKeyOf(download, download.downloadId));
  await deleteDownload(download.downloadId);
}

/** DELETE /v1/downloads/{id} */
export const deleteDownload =
  (deps: RemoveDownload & { readonly getDownload: Find<Download> }) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    await removeDownload(deps, await requireDownload(deps.getDownload, access.projectId, pathId));
    return noContent();
  };
