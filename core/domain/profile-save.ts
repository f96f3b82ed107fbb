/**
 * Which archive of a context is meant: the ETag that S3 gave it, or that there was none. A save names the archive that its
 * session had, so that another one's save in between is seen.
 */
export type ArchiveId = string;

export const NO_ARCHIVE: ArchiveId = 'none';

/** Whatever is there: nobody wants to know what a save replaces. */
export const ANY_ARCHIVE: ArchiveId = 'any';

/** In which an archive says who saved it. */
export const SAVED_BY_METADATA = 'session-id';
export const SAVED_BY_HEADER = `x-amz-meta-${SAVED_BY_METADATA}`;

export interface ProfileSave {
  readonly profileKey: string;
  readonly sessionId: string;
  /** S3 refuses the save with 412 when another archive is there. */
  readonly replaces: ArchiveId;
}

/** Where and how a profile is saved. */
export interface SignedSave {
  readonly url: string;
  /** Signed with the URL: the PUT carries exactly these. */
  readonly headers: Readonly<Record<string, string>>;
}
