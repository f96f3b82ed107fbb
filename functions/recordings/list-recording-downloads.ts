import { recordingDownloadKeyOf, recordingMovieKeyOf } from '../../core/domain/artifact-key.ts';
import { readRecordingDownload, statusOf } from '../../core/domain/recording-download.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { type EndedFilmsDeps, requireEndedFilms } from './require-ended-films.ts';

export interface ListRecordingDownloadsDeps extends EndedFilmsDeps {
  /** The text of an object; undefined where there is none. */
  readonly readState: (key: string) => Promise<string | undefined>;
  /** A URL that reads one object. */
  readonly presign: (key: string) => Promise<string>;
}

/** GET /v1/sessions/{id}/recording/downloads: how far the MP4 of each page is, and where it can be fetched. */
export const listRecordingDownloads =
  (deps: ListRecordingDownloadsDeps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const { session, films } = await requireEndedFilms(deps, request);
    const nowMs = deps.now().getTime();
    const downloads = films.map(async ({ page }) => {
      const state = readRecordingDownload(await deps.readState(recordingDownloadKeyOf(session, page)));
      const seen = { pageId: String(page), status: statusOf(state, nowMs) };
      if (state?.status !== 'COMPLETED') return seen;
      const downloadUrl = await deps.presign(recordingMovieKeyOf(session, page));
      const { completedAt, videoCodec } = state;
      return { ...seen, downloadUrl, completedAt, videoCodec };
    });
    return ok({ downloads: await Promise.all(downloads) });
  };
