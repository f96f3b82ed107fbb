import { recordingDownloadKeyOf } from '../../core/domain/artifact-key.ts';
import {
  isUnderWay,
  type RecordingDownload,
  readRecordingDownload,
} from '../../core/domain/recording-download.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import { type EndedFilmsDeps, requireEndedFilms } from './require-ended-films.ts';

export interface CreateRecordingDownloadsDeps extends EndedFilmsDeps {
  /** The text of an object; undefined where there is none. */
  readonly readState: (key: string) => Promise<string | undefined>;
  readonly putState: (key: string, state: RecordingDownload) => Promise<void>;
  readonly queue: (
    film: { readonly sessionId: string; readonly page: number },
    projectId: string,
  ) => Promise<void>;
}

/** POST /v1/sessions/{id}/recording/downloads: an MP4 of each page's film is asked for, also again. */
export const createRecordingDownloads =
  (deps: CreateRecordingDownloadsDeps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const { session, films } = await requireEndedFilms(deps, request);
    const { sessionId, projectId } = session;
    const now = deps.now();
    const downloads = films.map(async ({ page }) => {
      const stateKey = recordingDownloadKeyOf(session, page);
      const state = readRecordingDownload(await deps.readState(stateKey));
      // Who works at it keeps it. The message is sent all the same: the one before may never have been.
      if (!isUnderWay(state, now.getTime()))
        await deps.putState(stateKey, { status: 'PENDING', requestedAt: now.toISOString() });
      await deps.queue({ sessionId, page }, projectId);
      return { pageId: String(page), status: 'PENDING' };
    });
    return { status: 202, body: { downloads: await Promise.all(downloads) } };
  };
