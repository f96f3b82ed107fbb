import { bytesOfChunk, durationMsOfChunk } from '../../core/domain/recording.ts';
import { type FilmedChunk, follows } from './film-order.ts';

/** A chunk, and where it can be read. */
export interface PlacedChunk extends FilmedChunk {
  readonly url: string;
}

/**
 * An HLS media playlist (RFC 8216) of what is stored. Each chunk is a segment within its object, and each part brings its own
 * beginning (EXT-X-MAP): the first bytes of its first chunk. What lies between parts, or was lost, is skipped; the times
 * of the day say how long it was. One that `isGrowing` has no end: players ask again, and find more behind what they have.
 */
export function playlistOf(chunks: readonly PlacedChunk[], isGrowing = false): string {
  const longestMs = Math.max(0, ...chunks.map(({ chunk }) => durationMsOfChunk(chunk)));
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(longestMs / 1000))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${isGrowing ? 'EVENT' : 'VOD'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...chunks.flatMap((placed, at) => linesOf(chunks[at - 1], placed)),
    ...(isGrowing ? [] : ['#EXT-X-ENDLIST']),
  ];
  return `${lines.join('\n')}\n`;
}

function linesOf(before: PlacedChunk | undefined, placed: PlacedChunk): readonly string[] {
  const { chunk, url } = placed;
  const { initBytes } = chunk;
  const begins = before === undefined || !follows(before, placed);
  const beginning = [
    ...(before === undefined ? [] : ['#EXT-X-DISCONTINUITY']),
    `#EXT-X-MAP:URI="${url}",BYTERANGE="${initBytes}@0"`,
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(chunk.startedAtMs).toISOString()}`,
  ];
  return [
    ...(begins ? beginning : []),
    `#EXTINF:${(durationMsOfChunk(chunk) / 1000).toFixed(3)},`,
    `#EXT-X-BYTERANGE:${bytesOfChunk(chunk) - initBytes}@${initBytes}`,
    url,
  ];
}
