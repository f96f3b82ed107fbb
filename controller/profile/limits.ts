/** What an archive may hold. */
export const ARCHIVE_LIMITS = Object.freeze({
  maxEntries: 50_000,
  /** One file: an IndexedDB or a history can be large, a whole disk cannot. */
  maxEntryBytes: 512 * 1024 * 1024,
  /** All files together, unpacked. */
  maxTotalBytes: 2 * 1024 * 1024 * 1024,
  maxPathBytes: 512,
  maxNameBytes: 255,
  maxDepth: 24,
  /** A header of its own before an entry: a long name, or attributes of the system it was packed on. */
  maxHeaderBytes: 64 * 1024,
});

export type ArchiveLimits = { readonly [Name in keyof typeof ARCHIVE_LIMITS]: number };
