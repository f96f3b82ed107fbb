import { type Chunk, durationMsOfChunk, endedAtMsOf } from '../../core/domain/recording.ts';
import type { Scene } from '../../core/domain/replay.ts';
import type { Film } from './find-films.ts';

/** A chunk, and the page that it shows. */
export interface FilmedChunk {
  readonly page: number;
  readonly chunk: Chunk;
}

/** Chunks whose ends are so close follow each other: times are rounded. */
const ROUNDING_MS = 2;

/** Whether `next` goes on where `before` ends, in pictures of the same form. */
export const follows = (before: FilmedChunk, next: FilmedChunk): boolean =>
  before.page === next.page &&
  before.chunk.part === next.chunk.part &&
  Math.abs(next.chunk.startedAtMs - endedAtMsOf(before.chunk)) <= ROUNDING_MS;

/** The film of a session: one page is filmed at a time, and so the films of all are one after the other. */
export const filmOfSession = (films: readonly Film[]): FilmedChunk[] =>
  films
    .flatMap(({ page, index }) => index.chunks.map((chunk) => ({ page, chunk })))
    .sort((one, other) => one.chunk.startedAtMs - other.chunk.startedAtMs || one.page - other.page);

/** What can be seen without a gap and a change of the page. */
export function scenesOf(film: readonly FilmedChunk[]): Scene[] {
  const scenes: Scene[] = [];
  for (const [at, filmed] of film.entries()) {
    const before = film[at - 1];
    const last = scenes.at(-1);
    const durationMs = durationMsOfChunk(filmed.chunk);
    if (last !== undefined && before !== undefined && follows(before, filmed))
      scenes[scenes.length - 1] = { ...last, durationMs: last.durationMs + durationMs };
    else scenes.push({ pageId: String(filmed.page), startMs: filmed.chunk.startedAtMs, durationMs });
  }
  return scenes;
}
