import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ObjectTooLargeError } from '../../core/aws/artifacts/object-too-large-error.ts';
import type { FileWithHead } from '../../core/aws/artifacts/put-artifact-file.ts';
import type { FilmRef } from '../../core/aws/artifacts/recording-queue.ts';
import {
  recordingChunkKeyOf,
  recordingDownloadKeyOf,
  recordingMovieKeyOf,
} from '../../core/domain/artifact-key.ts';
import { bytesOfChunk } from '../../core/domain/recording.ts';
import {
  MAX_MOVIE_BYTES,
  type RecordingDownload,
  readRecordingDownload,
  toBeMade,
  type VideoCodec,
} from '../../core/domain/recording-download.ts';
import type { Session } from '../../core/domain/session.ts';
import type { Find } from '../../core/http/require-owned.ts';
import { Mp4Error } from '../../core/mp4/boxes.ts';
import { Movie } from '../../core/mp4/movie.ts';
import type { Encoded, MovieToEncode } from './encode-movie.ts';
import { type Film, type FindFilmsDeps, findFilm } from './find-films.ts';

export interface MakeRecordingDownloadsDeps extends FindFilmsDeps {
  readonly readRef: (body: string) => FilmRef;
  readonly getSession: Find<Session>;
  /** A chunk, whole; of more than so many bytes it rejects. */
  readonly readChunk: (key: string, maxBytes: number) => Promise<Buffer | undefined>;
  readonly putMovie: (key: string, movie: FileWithHead) => Promise<void>;
  /** The text of an object; undefined where there is none. */
  readonly readState: (key: string) => Promise<string | undefined>;
  readonly putState: (key: string, state: RecordingDownload) => Promise<void>;
  /** Makes a movie of H.264 in this file; undefined where there is no encoder. */
  readonly encodeMovie: ((movie: MovieToEncode, file: string) => Promise<Encoded>) | undefined;
  /** Where movies are put together: each in a folder of its own, whose name begins so. */
  readonly folderPrefix: string;
  readonly now: () => Date;
}

/** Works off the queue of films of which an MP4 is wanted. What fails for the store's sake comes again. */
export const makeRecordingDownloads =
  (deps: MakeRecordingDownloadsDeps) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Records) {
      try {
        await make(deps, body, messageId);
      } catch (error) {
        deps.logger.error('a recording’s download could not be made yet', { messageId, error });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };

async function make(deps: MakeRecordingDownloadsDeps, body: string, messageId: string): Promise<void> {
  const { sessionId, page } = deps.readRef(body);
  const session = await deps.getSession(sessionId);
  // It is forgotten, and its film with it.
  if (session === undefined) return;
  const stateKey = recordingDownloadKeyOf(session, page);
  const nowMs = deps.now().getTime();
  const pending = toBeMade(readRecordingDownload(await deps.readState(stateKey)), messageId, nowMs);
  if (pending === undefined) {
    deps.logger.info('a recording’s download is made already', { sessionId, page });
    return;
  }
  await deps.putState(stateKey, { ...pending, taken: { messageId, at: new Date(nowMs).toISOString() } });
  const film = await findFilm(deps, session, page);
  const made = film === undefined ? failed('there is no film') : await makeMovie(deps, session, film);
  await deps.putState(
    stateKey,
    'reason' in made
      ? { status: 'FAILED', reason: made.reason }
      : { status: 'COMPLETED', completedAt: deps.now().toISOString(), videoCodec: made.videoCodec },
  );
  deps.logger.info('a recording’s download is made', { sessionId, page, ...made });
}

type Made = { readonly videoCodec: VideoCodec } | { readonly reason: string };

const failed = (reason: string): Made => ({ reason });

async function makeMovie(
  deps: MakeRecordingDownloadsDeps,
  session: Session,
  { page, index }: Film,
): Promise<Made> {
  const bytes = index.chunks.reduce((sum, chunk) => sum + bytesOfChunk(chunk), 0);
  if (bytes > MAX_MOVIE_BYTES) return failed(`it has ${bytes} bytes, and may have ${MAX_MOVIE_BYTES}`);
  const folder = await mkdtemp(deps.folderPrefix);
  try {
    const copied = await joinChunks(deps, session, { page, index }, join(folder, 'pictures'));
    const made = await encode(deps, copied, join(folder, 'film.mp4'));
    if ('reason' in made) return made;
    await deps.putMovie(recordingMovieKeyOf(session, page), made.movie);
    return { videoCodec: made.videoCodec };
  } catch (error) {
    if (!(error instanceof Mp4Error || error instanceof ObjectTooLargeError)) throw error;
    return failed(`it is no film that Chrome has made: ${error.message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The film as it is, one behind the other: its pictures are in `file`. Rejects with an Mp4Error where one is missing. */
async function joinChunks(
  deps: MakeRecordingDownloadsDeps,
  session: Session,
  { page, index }: Film,
  file: string,
): Promise<MovieToEncode> {
  const movie = new Movie();
  const media = await open(file, 'wx', 0o600);
  try {
    for (const chunk of index.chunks) {
      const key = recordingChunkKeyOf(session, page, chunk.number);
      const content = await deps.readChunk(key, bytesOfChunk(chunk));
      if (content === undefined) throw new Mp4Error(`chunk ${chunk.number} is not there`);
      for (const pictures of movie.add(content)) await media.writeFile(pictures);
    }
  } finally {
    await media.close();
  }
  const head = movie.head();
  return { head, file, bytes: head.length + movie.mediaBytes, ...movie.largest };
}

/** As H.264 where there is an encoder, and time for it; otherwise as it is. */
async function encode(
  { encodeMovie, logger }: MakeRecordingDownloadsDeps,
  copied: MovieToEncode,
  file: string,
): Promise<{ readonly movie: FileWithHead; readonly videoCodec: VideoCodec } | { readonly reason: string }> {
  const asItIs = { movie: copied, videoCodec: 'av1' } as const;
  if (encodeMovie === undefined) return asItIs;
  const encoded = await encodeMovie(copied, file);
  if (encoded.kind === 'encoded') return { movie: encoded.movie, videoCodec: 'h264' };
  if (encoded.kind === 'failed') return { reason: encoded.reason };
  logger.warn('a recording’s download stays AV1', { reason: encoded.reason });
  return asItIs;
}
