import { type Download, toDownloadView } from '../../core/domain/download.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

/** As the contract has checked them, and made numbers of texts. */
export interface DownloadsQuery {
  readonly sessionId: string;
  readonly filename?: string;
  readonly mimeType?: string;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly limit?: number;
  readonly offset?: number;
}

export interface ListDownloadsDeps {
  readonly getSession: Find<Session>;
  readonly listDownloads: (sessionId: string) => Promise<readonly Download[]>;
}

const DEFAULT_LIMIT = 20;

/** GET /v1/downloads: those of one session, the oldest first. */
export const listDownloads =
  (deps: ListDownloadsDeps) =>
  async ({ access, query }: ApiRequest<unknown, DownloadsQuery>): Promise<ApiResponse> => {
    const { sessionId } = await requireSession(deps.getSession, access.projectId, query.sessionId);
    const found = (await deps.listDownloads(sessionId)).filter((download) => matches(download, query));
    const { limit = DEFAULT_LIMIT, offset = 0 } = query;
    const downloads = found.slice(offset, offset + limit).map(toDownloadView);
    return ok({ downloads, total: found.length, limit, offset });
  };

function matches({ filename, mimeType, sizeBytes, createdAt }: Download, query: DownloadsQuery): boolean {
  const createdMs = Date.parse(createdAt);
  return (
    (query.filename ?? filename) === filename &&
    (query.mimeType ?? mimeType) === mimeType &&
    sizeBytes >= (query.minSize ?? 0) &&
    sizeBytes <= (query.maxSize ?? Number.POSITIVE_INFINITY) &&
    createdMs >= timeOf(query.createdAfter, Number.NEGATIVE_INFINITY) &&
    createdMs <= timeOf(query.createdBefore, Number.POSITIVE_INFINITY)
  );
}

const timeOf = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : Date.parse(text);
