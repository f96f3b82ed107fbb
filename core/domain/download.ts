import type { Session } from './session.ts';

/** One item of the table of downloads: a file that a session's browser has downloaded, and that is stored whole. */
export interface Download {
  /** Chrome's own id of it, a UUID. */
  readonly downloadId: string;
  readonly sessionId: string;
  readonly projectId: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** SHA-256 in hex. */
  readonly sha256: string;
  readonly createdAt: string;
  /** Seconds since 1970: DynamoDB deletes it then, and S3 the file. */
  readonly purgeAt: number;
}

/** What a container tells of a file that it has stored. */
export interface StoredDownload {
  readonly id: string;
  /** As the site or the page named it. */
  readonly filename: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly finishedAtMs: number;
}

export interface DownloadView {
  readonly id: string;
  readonly sessionId: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly size: number;
  readonly checksum: string;
  readonly createdAt: string;
}

const DAY_MS = 86_400_000;

export const newDownload = (
  { sessionId, projectId }: Pick<Session, 'sessionId' | 'projectId'>,
  { id, filename, sizeBytes, sha256, finishedAtMs }: StoredDownload,
  keptDays: number,
): Download => ({
  downloadId: id,
  sessionId,
  projectId,
  filename: downloadNameOf(filename, finishedAtMs),
  mimeType: mimeTypeOf(filename),
  sizeBytes,
  sha256,
  createdAt: new Date(finishedAtMs).toISOString(),
  purgeAt: Math.floor((finishedAtMs + keptDays * DAY_MS) / 1000),
});

export const toDownloadView = (download: Download): DownloadView => ({
  id: download.downloadId,
  sessionId: download.sessionId,
  filename: download.filename,
  mimeType: download.mimeType,
  size: download.sizeBytes,
  checksum: download.sha256,
  createdAt: download.createdAt,
});

const MAX_NAME_BYTES = 200;
// What no file system and no zip reader should meet: control characters, separators, and what Windows keeps for itself.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\\/:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** `report.pdf` that was there at 1719265797164 is `report-1719265797164.pdf`: two of one name do not meet. */
export function downloadNameOf(filename: string, finishedAtMs: number): string {
  const clean = filename.normalize('NFC').toWellFormed().replace(UNSAFE, '_').replace(/^\.+/, '');
  const [extension = ''] = /(?<=.)\.[A-Za-z0-9]{1,16}$/.exec(clean) ?? [];
  const stem = cutToBytes(clean.slice(0, clean.length - extension.length), MAX_NAME_BYTES);
  return `${stem === '' ? 'download' : stem}-${finishedAtMs}${extension}`;
}

function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}

/** Of what people download; whatever else is bytes. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  '7z': 'application/x-7z-compressed',
  avi: 'video/x-msvideo',
  bmp: 'image/bmp',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  epub: 'application/epub+zip',
  gif: 'image/gif',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  ics: 'text/calendar',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  md: 'text/markdown',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  odt: 'application/vnd.oasis.opendocument.text',
  pdf: 'application/pdf',
  png: 'image/png',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  rar: 'application/vnd.rar',
  rtf: 'application/rtf',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tiff: 'image/tiff',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  zip: 'application/zip',
};
const BYTES = 'application/octet-stream';

export function mimeTypeOf(filename: string): string {
  const extension = filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
  return Object.hasOwn(MIME_TYPES, extension) ? (MIME_TYPES[extension] ?? BYTES) : BYTES;
}
