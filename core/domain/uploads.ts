/** Where a session takes files, below the origin of its connectUrl: PUT /uploads/<name>. */
export const UPLOADS_PATH = '/uploads';

/** What clients call the folder in which they lie. No such folder is there: where it is, is the session's own business. */
export const CLIENT_UPLOADS_FOLDER = '/tmp/.uploads';

/** What a session takes, whichever way it comes. */
export const UPLOAD_LIMITS = Object.freeze({
  maxFileBytes: 1_000_000_000,
  /** Of all files that lie there, and of those that are on their way. */
  maxBytes: 4_000_000_000,
  maxFiles: 100,
  maxAtOnce: 8,
  /** What is left on the disk for the browser itself. */
  minFreeBytes: 500_000_000,
});

export type UploadLimits = { readonly [Name in keyof typeof UPLOAD_LIMITS]: number };

const TARGET = new RegExp(`^${UPLOADS_PATH}/([^/]+)$`);

/** The name in a path, as it was sent; null for any other path, and for one that is not properly encoded. */
export function uploadNameIn(path: string): string | null {
  const encoded = TARGET.exec(path)?.[1];
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

/** Where a person's live view sends a file that its page asks for. */
const VIEWER_FILE = /^\/live\/([\w.-]+)\/files\/([\w-]{1,64})\/([^/]+)$/;

/** The parts of such a path; null for any other, and for one that is not properly encoded. */
export function viewerFileIn(
  path: string,
): { readonly token: string; readonly chooserId: string; readonly name: string } | null {
  const [, token, chooserId, encoded] = VIEWER_FILE.exec(path) ?? [];
  if (token === undefined || chooserId === undefined || encoded === undefined) return null;
  try {
    return { token, chooserId, name: decodeURIComponent(encoded) };
  } catch {
    return null;
  }
}

/** Whether whoever asked meant an upload, though not with this method or this path. */
export const isNearUploads = (path: string): boolean =>
  path === UPLOADS_PATH || path.startsWith(`${UPLOADS_PATH}/`);

/** What they hear, from the router and from the proxy alike. */
export const NO_UPLOAD = {
  status: 405,
  message: 'A file is uploaded by PUT to /uploads/<name>, with no folder in the name',
  headers: { allow: 'PUT' },
} as const;

export const uploadPathOf = (name: string): string => `${UPLOADS_PATH}/${encodeURIComponent(name)}`;
