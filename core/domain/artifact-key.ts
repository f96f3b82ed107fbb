import type { Extension } from './extension.ts';
import type { Session } from './session.ts';

/**
 * The keys of what sessions leave in the bucket for artifacts. Made of ids of ours, never of a client's or a container's
 * text. terraform/modules/platform/data.tf says for how many days each prefix is kept.
 */
type Owner = Pick<Session, 'projectId' | 'sessionId'>;

const SEQUENCE_DIGITS = 6;
/** So many segments a log can have: 200 MB in 1 MB each, and one for every 30 s of the longest session. */
export const MAX_LOG_SEQUENCE = 9_999;

/** Of all logs of a project. */
export const logsPrefixOf = (projectId: string): string => `logs/${projectId}/`;

/** Of all segments of a session's log. */
export const logPrefixOf = ({ projectId, sessionId }: Owner): string =>
  `${logsPrefixOf(projectId)}${sessionId}/`;

/** With as many digits as sort by their text. */
export const logSegmentKeyOf = (owner: Owner, sequence: number): string =>
  `${logPrefixOf(owner)}${String(sequence).padStart(SEQUENCE_DIGITS, '0')}.jsonl.gz`;

/** Of all downloads of a project. */
export const downloadsPrefixOf = (projectId: string): string => `downloads/${projectId}/`;

/** A downloaded file; the id is Chrome's own of it, and a UUID. */
export const downloadKeyOf = ({ projectId, sessionId }: Owner, downloadId: string): string =>
  `${downloadsPrefixOf(projectId)}${sessionId}/${downloadId}`;

/** Of all recordings of a project. */
export const recordingsPrefixOf = (projectId: string): string => `recordings/${projectId}/`;

/** Of all that is recorded of a session. */
export const recordingPrefixOf = ({ projectId, sessionId }: Owner): string =>
  `${recordingsPrefixOf(projectId)}${sessionId}/`;

/** A piece of the film of one page, and the list of them. */
export const recordingChunkKeyOf = (owner: Owner, page: number, chunk: number): string =>
  `${recordingPrefixOf(owner)}${page}/${String(chunk).padStart(SEQUENCE_DIGITS, '0')}.mp4`;
export const recordingIndexKeyOf = (owner: Owner, page: number): string =>
  `${recordingPrefixOf(owner)}${page}/index.json`;

/** The MP4 of one page's film, and how far it is. No container has URLs for them. */
export const recordingMovieKeyOf = (owner: Owner, page: number): string =>
  `${recordingPrefixOf(owner)}${page}/film.mp4`;
export const recordingDownloadKeyOf = (owner: Owner, page: number): string =>
  `${recordingPrefixOf(owner)}${page}/download.json`;

/** Whose it is: of a download, a segment of a log or a part of a recording. */
export const sessionIdInKey = (key: string): string => key.split('/')[2] ?? '';

/** Of the zips of a project that are to become extensions, for a day. */
export const extensionUploadsPrefixOf = (projectId: string): string => `extension-uploads/${projectId}/`;

/** Within the project's own prefix: another one's upload is not there. */
export const extensionUploadKeyOf = (projectId: string, uploadId: string): string =>
  `${extensionUploadsPrefixOf(projectId)}${uploadId}.zip`;

export const extensionPrefixOf = (projectId: string): string => `extensions/${projectId}/`;

/** Of an extension's zip, which stays until it is deleted. */
export const extensionKeyOf = ({
  projectId,
  extensionId,
}: Pick<Extension, 'projectId' | 'extensionId'>): string =>
  `${extensionPrefixOf(projectId)}${extensionId}.zip`;
