import type { Download } from '../../core/domain/download.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, noContent } from '../../core/http/response.ts';
import { type RemoveDownload, removeDownload } from './delete-download.ts';

export interface DeleteSessionDownloadsDeps extends RemoveDownload {
  readonly getSession: Find<Session>;
  readonly listDownloads: (sessionId: string) => Promise<readonly Download[]>;
}

/** DELETE /v1/sessions/{id}/downloads: all that is listed now. */
export const deleteSessionDownloads =
  (deps: DeleteSessionDownloadsDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    const { sessionId } = await requireSession(deps.getSession, access.projectId, pathId);
    for (const download of await deps.listDownloads(sessionId)) await removeDownload(deps, download);
    return noContent();
  };
