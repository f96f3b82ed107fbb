import { Mp4Error, readHead } from './boxes.ts';
import { readFragment, readTimescale, type Sample } from './read-fragment.ts';

/** A piece of a film that can be played when its beginning, the init, is known: a `moof` and its `mdat`. */
export interface FilmFragment {
  readonly bytes: Buffer;
  readonly startMs: number;
  readonly durationMs: number;
  readonly samples: readonly Sample[];
}

/** A box of Chrome's that is larger is none. */
const MAX_BOX_BYTES = 48 * 1024 * 1024;
/** The same of a beginning: Chrome's has two boxes, and less than a kilobyte. */
const MAX_INIT = { boxes: 16, bytes: 1024 * 1024 };
/** Whatever else may stand between them is of no use to who plays it. */
const INIT: readonly string[] = ['ftyp', 'moov'];

/** Cuts a fragmented MP4 into its init and its fragments, while it grows. */
export class FragmentReader {
  #rest: Buffer = Buffer.alloc(0);
  #init: Buffer = Buffer.alloc(0);
  #initBoxes = 0;
  #timescale: number | undefined;
  #moof: Buffer | undefined;

  /** What every fragment needs before it; empty until it is whole. */
  get init(): Buffer {
    return this.#timescale === undefined ? Buffer.alloc(0) : this.#init;
  }

  /** Whether it stands between two fragments: nothing of one is missing. */
  get isWhole(): boolean {
    return this.#rest.length === 0 && this.#moof === undefined;
  }

  /** The fragments that these bytes make whole. Throws an Mp4Error for what is no such file. */
  push(bytes: Buffer): readonly FilmFragment[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const fragments: FilmFragment[] = [];
    for (;;) {
      const head = readHead(this.#rest, 0);
      if (head === undefined) return fragments;
      if (head.end > MAX_BOX_BYTES) throw new Mp4Error(`a ${head.type} of ${head.end} bytes`);
      if (head.end > this.#rest.length) return fragments;
      const box = this.#rest.subarray(0, head.end);
      this.#rest = this.#rest.subarray(head.end);
      const fragment = this.#take(head.type, box);
      if (fragment !== undefined) fragments.push(fragment);
    }
  }

  #take(type: string, box: Buffer): FilmFragment | undefined {
    if (INIT.includes(type)) {
      this.#initBoxes += 1;
      if (this.#initBoxes > MAX_INIT.boxes || this.#init.length + box.length > MAX_INIT.bytes)
        throw new Mp4Error('a beginning that is too long');
      this.#init = Buffer.concat([this.#init, box]);
      if (type === 'moov') this.#timescale = readTimescale(this.#init);
    } else if (type === 'moof') this.#moof = box;
    else if (type === 'mdat') return this.#end(box);
    return undefined;
  }

  #end(mdat: Buffer): FilmFragment {
    const moof = this.#moof;
    const timescale = this.#timescale;
    if (moof === undefined || timescale === undefined) throw new Mp4Error('an mdat that nothing describes');
    this.#moof = undefined;
    const { time, samples } = readFragment(moof);
    const units = samples.reduce((sum, { duration }) => sum + duration, 0);
    const toMs = (at: number) => Math.round((at * 1000) / timescale);
    return {
      bytes: Buffer.concat([moof, mdat]),
      startMs: toMs(time),
      // Of rounded ends, so that what follows each other has no gap.
      durationMs: toMs(time + units) - toMs(time),
      samples,
    };
  }
}
