import { isObject } from './is-object.ts';
import { RECORDING_DOWNLOAD } from './timing.ts';

/** H.264 plays everywhere; AV1 is the film as Chrome has made it. */
export type VideoCodec = 'h264' | 'av1';

export interface PendingDownload {
  readonly status: 'PENDING';
  readonly requestedAt: string;
  /** Which message is being worked off, and since when. */
  readonly taken?: { readonly messageId: string; readonly at: string };
}

/** How far the MP4 of one page's film is. It lies beside the film; only functions write it. */
export type RecordingDownload =
  | PendingDownload
  | { readonly status: 'COMPLETED'; readonly completedAt: string; readonly videoCodec: VideoCodec }
  | { readonly status: 'FAILED'; readonly reason: string };

/** Of the pictures: they are gathered on the disk of a function. */
export const MAX_MOVIE_BYTES = 450 * 1024 * 1024;

/** How often it is tried. */
export const DOWNLOAD_TRIES = 3;
/** Of a state. */
export const MAX_STATE_BYTES = 10_000;

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
  return isLate(download, nowMs) ? 'FAILED' : download.status;
}

/** It was asked for, and there is still time: asking again changes nothing. */
export const isUnderWay = (download: RecordingDownload | undefined, nowMs: number): boolean =>
  download?.status === 'PENDING' && !isLate(download, nowMs);

const isLate = (download: RecordingDownload, nowMs: number): boolean =>
  download.status === 'PENDING' && nowMs - Date.parse(download.requestedAt) > RECORDING_DOWNLOAD.pendingMs;

/** What is to be made for this message; undefined where it is made already, or just being made for another one. */
export function toBeMade(
  download: RecordingDownload | undefined,
  messageId: string,
  nowMs: number,
): PendingDownload | undefined {
  if (download?.status !== 'PENDING') return undefined;
  const { taken } = download;
  if (taken === undefined || taken.messageId === messageId) return download;
  return nowMs - Date.parse(taken.at) > RECORDING_DOWNLOAD.functionMs ? download : undefined;
}
