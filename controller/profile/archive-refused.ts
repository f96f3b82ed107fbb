const MAX_SHOWN_CHARACTERS = 120;

/** The archive is not one that may be unpacked. The session ends, the stored archive stays. */
export class ArchiveRefusedError extends Error {
  override readonly name = 'ArchiveRefusedError';
}

export const refusedEntry = (path: string, fault: string, cause?: unknown): ArchiveRefusedError =>
  new ArchiveRefusedError(`${JSON.stringify(path.slice(0, MAX_SHOWN_CHARACTERS))} was refused: ${fault}`, {
    cause,
  });

export const unreadableArchive = (why: string, cause: unknown): ArchiveRefusedError =>
  new ArchiveRefusedError(`it cannot be read (${why.slice(0, MAX_SHOWN_CHARACTERS)})`, { cause });
