import { type Download, newDownload, type StoredDownload } from '../../core/domain/download.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type ContainerAuthenticationDeps } from './authenticate-container.ts';
import { requireOwn } from './instruction.ts';

export interface ReportDownloadDeps extends ContainerAuthenticationDeps {
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  /** As long as its file is kept. */
  readonly keptDays: number;
  /** False where another session has that id. */
  readonly storeDownload: (download: Download) => Promise<boolean>;
}

/** POST /internal/sessions/{id}/downloads: a file that the container has stored. From now on it is listed. */
export const reportDownload =
  (deps: ReportDownloadDeps) =>
  async (request: ApiRequest<StoredDownload>): Promise<ApiResponse> => {
    const container = await authenticateContainer(deps, request);
    const session = await deps.getSession(container.sessionId);
    if (session === undefined) throw new AppError('SESSION_NOT_FOUND', [container.sessionId]);
    requireOwn(session, container);
    const download = newDownload(session, request.body, deps.keptDays);
    if (!(await deps.storeDownload(download))) throw new AppError('DOWNLOAD_ID_TAKEN', [request.body.id]);
    return ok({ filename: download.filename });
  };
