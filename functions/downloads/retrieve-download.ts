import type { Readable } from 'node:stream';
import { downloadKeyOf } from '../../core/domain/artifact-key.ts';
import { type Download, toDownloadView } from '../../core/domain/download.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireDownload } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { contentDisposition } from './content-disposition.ts';

export interface RetrieveDownloadDeps {
  readonly getDownload: Find<Download>;
  readonly open: (key: string) => Promise<Readable>;
}

/** GET /v1/downloads/{id}: what it is, or the file itself for who accepts bytes rather than JSON. */
export const retrieveDownload =
  ({ getDownload, open }: RetrieveDownloadDeps) =>
  async ({ access, pathId, headers }: ApiRequest): Promise<ApiResponse> => {
    const download = await requireDownload(getDownload, access.projectId, pathId);
    if (!wantsBytes(headers.accept)) return ok(toDownloadView(download));
    return {
      status: 200,
      stream: await open(downloadKeyOf(download, download.downloadId)),
      headers: {
        // Never as what it says it is: a page from a stranger must not become one of this origin's.
        'content-type': 'application/octet-stream',
        'x-content-type-options': 'nosniff',
        'content-disposition': contentDisposition(download.filename),
      },
    };
  };

const wantsBytes = (accept = ''): boolean =>
  accept.includes('application/octet-stream') && !accept.includes('application/json');
