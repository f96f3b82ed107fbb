import { isObject } from './is-object.ts';

/**
 * What a session's film is, as it lies in the store: chunks, each of which is an MP4 that plays by itself, and an index of
 * each page. The container writes it, functions read it; to them it is a stranger's text.
 */
export const RECORDING = Object.freeze({
  version: 1,
  /** Of one session; later ones have no film. */
  maxPages: 10,
  maxChunksOfPage: 10_000,
  maxSegmentsOfChunk: 1_000,
  maxChunkBytes: 64 * 1024 * 1024,
  maxIndexBytes: 8 * 1024 * 1024,
  /** Of all films of a session. */
  maxSessionBytes: 2 * 1024 ** 3,
});

/** A piece that can be played from its beginning: its bytes, and how long it lasts. */
export type Segment = readonly [bytes: number, durationMs: number];

export interface Chunk {
  readonly number: number;
  /** Chunks of one part follow each other without a gap, unless one was lost. */
  readonly part: number;
  /** By the container's clock, in ms since 1970. */
  readonly startedAtMs: number;
  /** The chunk begins with so many bytes that say how its segments are read. */
  readonly initBytes: number;
  readonly segments: readonly Segment[];
}

/** The film of one page. */
export interface RecordingIndex {
  readonly version: number;
  /** Where the page was at last, as events say it. */
  readonly url: string;
  /** Why it ends before the session did. */
  readonly stopped?: string;
  readonly chunks: readonly Chunk[];
}

export const bytesOfChunk = ({ initBytes, segments }: Chunk): number =>
  segments.reduce((sum, [bytes]) => sum + bytes, initBytes);

export const durationMsOfChunk = ({ segments }: Pick<Chunk, 'segments'>): number =>
  segments.reduce((sum, [, durationMs]) => sum + durationMs, 0);

export const endedAtMsOf = (chunk: Chunk): number => chunk.startedAtMs + durationMsOfChunk(chunk);

/** Clocks of containers are not ours: a film may seem to have begun so long before, or to end after, its session. */
const SKEW_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
const MAX_URL_CHARACTERS = 1_024;
const MAX_REASON_CHARACTERS = 128;

/** An index that says what no container of ours writes. */
export class BadIndexError extends Error {
  override readonly name = 'BadIndexError';
}

/** Throws a BadIndexError that names the first field which cannot be. `createdAtMs`: of the session, which films nothing before. */
export function parseIndex(text: string, createdAtMs: number): RecordingIndex {
  const index = parseJson(text);
  if (!isObject(index) || index.version !== RECORDING.version) throw new BadIndexError('version');
  const { url, stopped, chunks } = index;
  if (typeof url !== 'string' || url.length > MAX_URL_CHARACTERS) throw new BadIndexError('url');
  if (stopped !== undefined && !isReason(stopped)) throw new BadIndexError('stopped');
  if (!Array.isArray(chunks) || chunks.length > RECORDING.maxChunksOfPage) throw new BadIndexError('chunks');
  const known = chunks.map((chunk, at) => parseChunk(chunk, `chunks/${at}`));
  for (const [at, chunk] of known.entries()) checkOrder(known[at - 1], chunk, createdAtMs, `chunks/${at}`);
  if (known.reduce((sum, chunk) => sum + bytesOfChunk(chunk), 0) > RECORDING.maxSessionBytes)
    throw new BadIndexError('chunks');
  return {
    version: RECORDING.version,
    url,
    ...(stopped === undefined ? {} : { stopped }),
    chunks: known,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadIndexError('it is no JSON');
  }
}

function parseChunk(chunk: unknown, name: string): Chunk {
  if (!isObject(chunk)) throw new BadIndexError(name);
  const { number, part, startedAtMs, initBytes, segments } = chunk;
  const { maxChunksOfPage, maxChunkBytes, maxSegmentsOfChunk } = RECORDING;
  if (!isWhole(number, 0, maxChunksOfPage - 1)) throw new BadIndexError(`${name}/number`);
  if (!isWhole(part, 0, maxChunksOfPage - 1)) throw new BadIndexError(`${name}/part`);
  if (!isWhole(startedAtMs, 0, Number.MAX_SAFE_INTEGER)) throw new BadIndexError(`${name}/startedAtMs`);
  if (!isWhole(initBytes, 1, maxChunkBytes)) throw new BadIndexError(`${name}/initBytes`);
  if (!Array.isArray(segments) || segments.length === 0 || segments.length > maxSegmentsOfChunk)
    throw new BadIndexError(`${name}/segments`);
  const known = segments.map((segment: unknown, at) => parseSegment(segment, `${name}/segments/${at}`));
  const parsed = { number, part, startedAtMs, initBytes, segments: known };
  if (bytesOfChunk(parsed) > maxChunkBytes) throw new BadIndexError(`${name}/segments`);
  return parsed;
}

function parseSegment(segment: unknown, name: string): Segment {
  if (!Array.isArray(segment) || segment.length !== 2) throw new BadIndexError(name);
  const [bytes, durationMs] = segment as unknown[];
  if (!isWhole(bytes, 1, RECORDING.maxChunkBytes)) throw new BadIndexError(name);
  if (!isWhole(durationMs, 0, DAY_MS)) throw new BadIndexError(name);
  return [bytes, durationMs];
}

/** Numbers rise, parts never fall, and no film begins before its session or lasts longer than a day. */
function checkOrder(before: Chunk | undefined, chunk: Chunk, createdAtMs: number, name: string): void {
  if (before !== undefined && before.number >= chunk.number) throw new BadIndexError(`${name}/number`);
  if (before !== undefined && before.part > chunk.part) throw new BadIndexError(`${name}/part`);
  const isEarly = chunk.startedAtMs < (before?.startedAtMs ?? createdAtMs - SKEW_MS);
  if (isEarly || endedAtMsOf(chunk) > createdAtMs + DAY_MS) throw new BadIndexError(`${name}/startedAtMs`);
}

const isWhole = (value: unknown, min: number, max: number): value is number =>
  Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;

const isReason = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_REASON_CHARACTERS;
