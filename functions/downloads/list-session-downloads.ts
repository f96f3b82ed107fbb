import type { Readable } from 'node:stream';
import { downloadKeyOf } from '../../core/domain/artifact-key.ts';
import type { Download } from '../../core/domain/download.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import { contentDisposition } from './content-disposition.ts';
import { zipDownloads } from './zip-downloads.ts';

export interface ListSessionDownloadsDeps {
  readonly getSession: Find<Session>;
  readonly listDownloads: (sessionId: string) => Promise<readonly Download[]>;
  readonly open: (key: string) => Promise<Readable>;
}

/** Lambda streams no more in one answer. */
export const MAX_ZIP_BYTES = 190_000_000;

/** The first file is opened before the answer begins: while the store is down, that is still no half of a zip. */
async function openFirst(
  [first]: readonly Download[],
  open: ListSessionDownloadsDeps['open'],
): Promise<ListSessionDownloadsDeps['open']> {
  if (first === undefined) return open;
  const firstKey = downloadKeyOf(first, first.downloadId);
  const opened = await open(firstKey);
  return async (key) => (key === firstKey ? opened : open(key));
}

/** GET /v1/sessions/{id}/downloads: all of them in a zip, while the session runs and after it; an empty one has 22 bytes. */
export const listSessionDownloads =
  ({ getSession, listDownloads, open }: ListSessionDownloadsDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    const { sessionId } = await requireSession(getSession, access.projectId, pathId);
    const downloads = await listDownloads(sessionId);
    const bytes = downloads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (bytes > MAX_ZIP_BYTES) throw new AppError('ZIP_TOO_LARGE', [sessionId, downloads.length, bytes]);
    return {
      status: 200,
      stream: zipDownloads(downloads, await openFirst(downloads, open)),
      headers: {
        'content-type': 'application/zip',
        'content-disposition': contentDisposition(`downloads-${sessionId}.zip`),
      },
    };
  };
