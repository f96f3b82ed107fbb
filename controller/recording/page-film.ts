import { type Chunk, durationMsOfChunk, endedAtMsOf, type Segment } from '../../core/domain/recording.ts';
import { type FilmFragment, FragmentReader } from '../../core/mp4/fragment-reader.ts';
import { RECORDER_LIMITS, type RecorderLimits } from './limits.ts';

/** A chunk that is ready to be stored. */
export interface ReadyChunk extends Chunk {
  readonly body: Buffer;
}

/** One page's film: parts, each of which is a recording of Chrome's, cut into chunks. */
export class PageFilm {
  /** Its number in the session. */
  readonly page: number;
  /** Where it is, as events say it. */
  url = '';
  /** Why there will be no more of it. */
  stopped: string | undefined;
  /** What is stored, in order. */
  readonly stored: Chunk[] = [];
  readonly #limits: Pick<RecorderLimits, 'chunkMs' | 'chunkBytes'>;
  readonly #onChunk: (chunk: ReadyChunk) => void;
  #part = -1;
  #number = 0;
  #endedAtMs = 0;
  #reader = new FragmentReader();
  #startedAtMs = 0;
  #open: FilmFragment[] = [];

  constructor(
    page: number,
    onChunk: (chunk: ReadyChunk) => void,
    limits: Pick<RecorderLimits, 'chunkMs' | 'chunkBytes'> = RECORDER_LIMITS,
  ) {
    this.page = page;
    this.#onChunk = onChunk;
    this.#limits = limits;
  }

  get part(): number {
    return this.#part;
  }

  /** Whether nothing of a fragment is missing. */
  get isWhole(): boolean {
    return this.#reader.isWhole;
  }

  /** A new recording begins. */
  begin(startedAtMs: number): void {
    this.#part += 1;
    this.#reader = new FragmentReader();
    this.#startedAtMs = Math.floor(startedAtMs);
  }

  /** More of it. Answers how long the fragments last that are whole now. */
  push(bytes: Buffer): number {
    const fragments = this.#reader.push(bytes).filter(({ samples }) => samples.length > 0);
    for (const fragment of fragments) this.#add(fragment);
    return fragments.reduce((sum, { durationMs }) => sum + durationMs, 0);
  }

  /** The recording has ended: what is left of it is a chunk. */
  end(): void {
    if (this.#open.length > 0) this.#close();
  }

  #add(fragment: FilmFragment): void {
    this.#open.push(fragment);
    const { chunkMs, chunkBytes } = this.#limits;
    const durationMs = durationMsOfChunk({ segments: this.#segments() });
    const bytes = this.#open.reduce((sum, { bytes: { length } }) => sum + length, 0);
    if (durationMs >= chunkMs || bytes >= chunkBytes) this.#close();
  }

  /** Each lasts until the next one begins: how long its last picture is shown Chrome does not know when it ends one. */
  #segments(): readonly Segment[] {
    return this.#open.map(({ bytes, startMs, durationMs }, at) => {
      const next = this.#open[at + 1];
      return [bytes.length, next === undefined ? durationMs : Math.max(0, next.startMs - startMs)];
    });
  }

  #close(): void {
    const { init } = this.#reader;
    const [{ startMs } = { startMs: 0 }] = this.#open;
    const chunk: ReadyChunk = {
      number: this.#number++,
      part: this.#part,
      // A clock that is set back does not turn a film round.
      startedAtMs: Math.max(this.#startedAtMs + startMs, this.#endedAtMs),
      initBytes: init.length,
      segments: this.#segments(),
      body: Buffer.concat([init, ...this.#open.map(({ bytes }) => bytes)]),
    };
    this.#endedAtMs = endedAtMsOf(chunk);
    this.#open = [];
    this.#onChunk(chunk);
  }
}
