import { ObjectTooLargeError } from '../../core/aws/artifacts/object-too-large-error.ts';
import { recordingIndexKeyOf } from '../../core/domain/artifact-key.ts';
import { BadIndexError, parseIndex, RECORDING, type RecordingIndex } from '../../core/domain/recording.ts';
import type { Session } from '../../core/domain/session.ts';
import type { Logger } from '../../core/log/logger.ts';

export interface FindFilmsDeps {
  /** The text of an object; undefined where there is none. */
  readonly readIndex: (key: string) => Promise<string | undefined>;
  readonly logger: Logger;
}

export interface Film {
  readonly page: number;
  readonly index: RecordingIndex;
}

/** The film of one page. An index that no container of ours writes is none, and said to be. */
export async function findFilm(
  { readIndex, logger }: FindFilmsDeps,
  session: Session,
  page: number,
): Promise<Film | undefined> {
  try {
    const text = await readIndex(recordingIndexKeyOf(session, page));
    if (text === undefined) return undefined;
    const index = parseIndex(text, Date.parse(session.createdAt));
    return index.chunks.length === 0 ? undefined : { page, index };
  } catch (error) {
    if (!(error instanceof BadIndexError || error instanceof ObjectTooLargeError)) throw error;
    logger.warn('an index of a recording is not usable', {
      sessionId: session.sessionId,
      page,
      field: error.message,
    });
    return undefined;
  }
}

/** All films of a session, in the order in which their pages were first filmed. */
export async function findFilms(deps: FindFilmsDeps, session: Session): Promise<readonly Film[]> {
  const pages = Array.from({ length: RECORDING.maxPages }, (_, page) => findFilm(deps, session, page));
  return (await Promise.all(pages)).filter((film) => film !== undefined);
}
