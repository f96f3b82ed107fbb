import { isObject } from './is-object.ts';

/** How far the MP4 of one page's film is. It lies beside the film; only functions write it. */
export type RecordingDownload =
  | { readonly status: 'PENDING'; readonly requestedAt: string }
  | { readonly status: 'COMPLETED'; readonly completedAt: string }
  | { readonly status: 'FAILED'; readonly reason: string };

/** Whoever makes it has so long, and all of its tries: then it has failed, whatever has become of it. */
export const DOWNLOAD_PENDING_MS = 30 * 60_000;
/** Of the pictures: they are gathered on the disk of a function. */
export const MAX_MOVIE_BYTES = 450 * 1024 * 1024;

/** Undefined: none was asked for. */
export function readRecordingDownload(text: string | undefined): RecordingDownload | undefined {
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error('It is no state of a download');
  return value as unknown as RecordingDownload;
}

/** As the contract shows it. */
export function statusOf(download: RecordingDownload | undefined, nowMs: number) {
  if (download === undefined) return 'NOT_REQUESTED';
  const isLate =
    download.status === 'PENDING' && nowMs - Date.parse(download.requestedAt) > DOWNLOAD_PENDING_MS;
  return isLate ? 'FAILED' : download.status;
}
