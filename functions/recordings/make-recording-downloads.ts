import { open, rm } from 'node:fs/promises';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { FileWithHead } from '../../core/aws/artifacts/put-artifact-file.ts';
import type { FilmRef } from '../../core/aws/artifacts/recording-queue.ts';
import {
  recordingChunkKeyOf,
  recordingDownloadKeyOf,
  recordingMovieKeyOf,
} from '../../core/domain/artifact-key.ts';
import { bytesOfChunk } from '../../core/domain/recording.ts';
import { MAX_MOVIE_BYTES, type RecordingDownload } from '../../core/domain/recording-download.ts';
import type { Session } from '../../core/domain/session.ts';
import type { Find } from '../../core/http/require-owned.ts';
import { Mp4Error } from '../../core/mp4/boxes.ts';
import { Movie } from '../../core/mp4/movie.ts';
import { type Film, type FindFilmsDeps, findFilm } from './find-films.ts';

export interface MakeRecordingDownloadsDeps extends FindFilmsDeps {
  readonly readRef: (body: string) => FilmRef;
  readonly getSession: Find<Session>;
  /** A chunk, whole; of more than so many bytes it rejects. */
  readonly readChunk: (key: string, maxBytes: number) => Promise<Buffer | undefined>;
  readonly putMovie: (key: string, movie: FileWithHead) => Promise<void>;
  readonly putState: (key: string, state: RecordingDownload) => Promise<void>;
  /** Where a movie is put together: a file that nobody else has. */
  readonly newFile: () => string;
  readonly now: () => Date;
}

/** Works off the queue of films of which an MP4 is wanted. What fails for the store's sake comes again. */
export const makeRecordingDownloads =
  (deps: MakeRecordingDownloadsDeps) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Records) {
      try {
        await make(deps, deps.readRef(body));
      } catch (error) {
        deps.logger.error('a recording’s download could not be made yet', { messageId, error });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };

async function make(deps: MakeRecordingDownloadsDeps, { sessionId, page }: FilmRef): Promise<void> {
  const session = await deps.getSession(sessionId);
  // It is forgotten, and its film with it.
  if (session === undefined) return;
  const stateKey = recordingDownloadKeyOf(session, page);
  const film = await findFilm(deps, session, page);
  const reason = film === undefined ? 'there is no film' : await makeMovie(deps, session, film);
  const completedAt = deps.now().toISOString();
  await deps.putState(
    stateKey,
    reason === undefined ? { status: 'COMPLETED', completedAt } : { status: 'FAILED', reason },
  );
  deps.logger.info('a recording’s download is made', {
    sessionId,
    page,
    ...(reason === undefined ? {} : { reason }),
  });
}

/** Why there is none; undefined when there is. */
async function makeMovie(
  deps: MakeRecordingDownloadsDeps,
  session: Session,
  { page, index }: Film,
): Promise<string | undefined> {
  const bytes = index.chunks.reduce((sum, chunk) => sum + bytesOfChunk(chunk), 0);
  if (bytes > MAX_MOVIE_BYTES) return `it has ${bytes} bytes, and may have ${MAX_MOVIE_BYTES}`;
  const file = deps.newFile();
  try {
    const movie = new Movie();
    const media = await open(file, 'wx', 0o600);
    try {
      for (const chunk of index.chunks) {
        const content = await deps.readChunk(
          recordingChunkKeyOf(session, page, chunk.number),
          bytesOfChunk(chunk),
        );
        if (content === undefined) return `chunk ${chunk.number} is not there`;
        for (const pictures of movie.add(content)) await media.writeFile(pictures);
      }
    } finally {
      await media.close();
    }
    const head = movie.head();
    await deps.putMovie(recordingMovieKeyOf(session, page), {
      head,
      file,
      bytes: head.length + movie.mediaBytes,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof Mp4Error)) throw error;
    return `it is no film that Chrome has made: ${error.message}`;
  } finally {
    await rm(file, { force: true });
  }
}
