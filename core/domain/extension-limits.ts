/** What an extension may be: of its zip, and unpacked. */
export const EXTENSION_LIMITS: ExtensionLimits = Object.freeze({
  /** By an upload of its own; in the body of a create less arrives (MAX_MULTIPART_FILE_BYTES). */
  maxZipBytes: 100 * 1024 * 1024,
  /** Files and folders. */
  maxEntries: 5_000,
  /** All files together, unpacked. */
  maxTotalBytes: 256 * 1024 * 1024,
  maxManifestBytes: 1024 * 1024,
  maxPathBytes: 512,
  maxNameBytes: 255,
  maxDepth: 24,
});

export interface ExtensionLimits {
  readonly maxZipBytes: number;
  readonly maxEntries: number;
  readonly maxTotalBytes: number;
  readonly maxManifestBytes: number;
  readonly maxPathBytes: number;
  readonly maxNameBytes: number;
  readonly maxDepth: number;
}

/** So many a project may have. */
export const MAX_EXTENSIONS_OF_A_PROJECT = 100;
