import { bytesOfChunk, type Chunk, durationMsOfChunk, endedAtMsOf } from '../../core/domain/recording.ts';

/** A chunk, and where it can be read. */
export interface PlacedChunk {
  readonly chunk: Chunk;
  readonly url: string;
}

/** Chunks whose ends are so close follow each other: times are rounded. */
const ROUNDING_MS = 2;

/**
 * An HLS media playlist (RFC 8216) of what is stored. Each chunk is a segment within its object, and each part brings its own
 * beginning (EXT-X-MAP): the first bytes of its first chunk. What lies between parts, or was lost, is skipped; the times
 * of the day say how long it was.
 */
export function playlistOf(chunks: readonly PlacedChunk[]): string {
  const longestMs = Math.max(0, ...chunks.map(({ chunk }) => durationMsOfChunk(chunk)));
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(longestMs / 1000))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...chunks.flatMap((placed, at) => linesOf(chunks[at - 1]?.chunk, placed)),
    '#EXT-X-ENDLIST',
  ];
  return `${lines.join('\n')}\n`;
}

function linesOf(before: Chunk | undefined, { chunk, url }: PlacedChunk): readonly string[] {
  const { initBytes } = chunk;
  const begins = before === undefined || !follows(before, chunk);
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

const follows = (before: Chunk, chunk: Chunk): boolean =>
  before.part === chunk.part && Math.abs(chunk.startedAtMs - endedAtMsOf(before)) <= ROUNDING_MS;
