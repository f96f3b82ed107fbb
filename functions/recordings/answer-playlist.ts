import { Readable } from 'node:stream';
import { recordingChunkKeyOf } from '../../core/domain/artifact-key.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import type { FilmedChunk } from './film-order.ts';
import { playlistOf } from './playlist.ts';

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

/** A URL that reads one object, for a player. */
export type Presign = (key: string) => Promise<string>;

/** A film as an HLS playlist, with a signed URL for each of its chunks. */
export async function answerPlaylist(
  film: readonly FilmedChunk[],
  { session, presign, isGrowing = false }: Answered,
): Promise<ApiResponse> {
  const placed = film.map(async (filmed) => ({
    ...filmed,
    url: await presign(recordingChunkKeyOf(session, filmed.page, filmed.chunk.number)),
  }));
  const text = playlistOf(await Promise.all(placed), isGrowing);
  return {
    status: 200,
    stream: Readable.from([text], { objectMode: false }),
    headers: { 'content-type': PLAYLIST_TYPE },
  };
}

interface Answered {
  readonly session: Session;
  readonly presign: Presign;
  readonly isGrowing?: boolean;
}
