import { boxesIn, findBox, Mp4Error, makeBox } from './boxes.ts';
import { FragmentReader } from './fragment-reader.ts';
import { readTimescale, type Sample } from './read-fragment.ts';

/** What a movie holds of one fragment. */
interface Run {
  readonly samples: readonly Sample[];
  /** Of its samples in the units of the movie. */
  readonly durations: readonly number[];
  readonly bytes: number;
  /** Which of the descriptions its pictures have, from 0. */
  readonly description: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const HEAD_BYTES = 8;
const LONG_HEAD_BYTES = 16;
/** Fixed-point numbers, as the format has them: 16.16 and 8.8 bits. */
const ONE = 0x10000;
const AV1 = 'av01';
/** Of a description, where width and height stand. */
const SIZE_AT = 24;
/** As long as every description is. */
const DESCRIPTION_BYTES = 78;
/** 60 a second in a session of 6 hours, and half as many again. */
const MAX_PICTURES = 2_000_000;
const MAX_U32 = 0xffffffff;
const SOUND_OFF = 0;
const UNDETERMINED_LANGUAGE = 0x55c40000;
const IDENTITY = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x40000000];

/**
 * Makes an ordinary MP4 of films that were written in fragments: one table of all pictures ahead, as players, editors and chat
 * programs want it, and the pictures behind it. What lay between the films is left out. The pictures themselves are
 * handed on as they come: only the table is kept.
 */
export class Movie {
  readonly #runs: Run[] = [];
  readonly #descriptions: Buffer[] = [];
  #timescale = 0;
  #size: Size = { width: 0, height: 0 };
  #largest: Size = { width: 0, height: 0 };
  #bytes = 0;
  #pictures = 0;

  /** Of all pictures so far. */
  get mediaBytes(): number {
    return this.#bytes;
  }

  /** That each picture has room in. */
  get largest(): Size {
    return this.#largest;
  }

  /** A film, whole: its pictures, which follow those before it. Throws an Mp4Error for what is none. */
  add(film: Buffer): readonly Buffer[] {
    const reader = new FragmentReader();
    const fragments = reader.push(film);
    if (!reader.isWhole || fragments.length === 0) throw new Mp4Error('a film that is cut off');
    const { init } = reader;
    const timescale = readTimescale(init);
    if (this.#timescale === 0) {
      this.#timescale = timescale;
      this.#size = readSize(init);
    }
    const description = this.#describe(init);
    return fragments.map(({ bytes, samples }) => {
      const mdat = findBox(bytes, 'mdat');
      const content = bytes.subarray(mdat.bodyStart, mdat.end);
      const used = samples.reduce((sum, sample) => sum + sample.bytes, 0);
      if (used > content.length) throw new Mp4Error('pictures that are not there');
      this.#pictures += samples.length;
      if (this.#pictures > MAX_PICTURES) throw new Mp4Error(`more than ${MAX_PICTURES} pictures`);
      const durations = samples.map(({ duration }) => Math.round((duration * this.#timescale) / timescale));
      if (durations.some((duration) => duration > MAX_U32))
        throw new Mp4Error('a picture that lasts for ever');
      this.#runs.push({ samples, durations, bytes: used, description });
      this.#bytes += used;
      return content.subarray(0, used);
    });
  }

  /** What stands before the pictures. */
  head(): Buffer {
    if (this.#runs.length === 0) throw new Mp4Error('a movie without pictures');
    const type = makeBox('ftyp', Buffer.from('isom\0\0\u0002\0isomiso2av01mp41', 'latin1'));
    // Its length does not depend on the places that it tells.
    const mediaAt = type.length + this.#moov(0).length + LONG_HEAD_BYTES;
    const mdat = Buffer.alloc(LONG_HEAD_BYTES);
    mdat.writeUInt32BE(1);
    mdat.write('mdat', 4, 'latin1');
    mdat.writeBigUInt64BE(BigInt(LONG_HEAD_BYTES + this.#bytes), HEAD_BYTES);
    return Buffer.concat([type, this.#moov(mediaAt), mdat]);
  }

  /** Which of the descriptions this film's pictures have. */
  #describe(init: Buffer): number {
    const { bodyStart, end } = findBox(init, 'moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd');
    const [entry] = boxesIn(init, bodyStart + HEAD_BYTES, end);
    if (entry?.type !== AV1 || entry.end - entry.bodyStart < DESCRIPTION_BYTES)
      throw new Mp4Error('pictures that are not AV1');
    // In pixels: what a track's head says is how large it is shown.
    const { width, height } = this.#largest;
    this.#largest = {
      width: Math.max(width, init.readUInt16BE(entry.bodyStart + SIZE_AT)),
      height: Math.max(height, init.readUInt16BE(entry.bodyStart + SIZE_AT + 2)),
    };
    const bytes = init.subarray(entry.start, entry.end);
    const known = this.#descriptions.findIndex((each) => each.equals(bytes));
    return known >= 0 ? known : this.#descriptions.push(bytes) - 1;
  }

  #moov(mediaAt: number): Buffer {
    const duration = this.#runs.reduce(
      (sum, { durations }) => durations.reduce((all, each) => all + each, sum),
      0,
    );
    const { width, height } = this.#size;
    const mvhd = full(
      'mvhd',
      1,
      0,
      u64(0, 0),
      u32(this.#timescale),
      u64(duration),
      u32(ONE, 0, 0, 0, ...IDENTITY, 0, 0, 0, 0, 0, 0, 2),
    );
    const tkhd = full(
      'tkhd',
      1,
      3,
      u64(0, 0),
      u32(1, 0),
      u64(duration),
      u32(0, 0, 0, SOUND_OFF, ...IDENTITY, width, height),
    );
    const mdhd = full(
      'mdhd',
      1,
      0,
      u64(0, 0),
      u32(this.#timescale),
      u64(duration),
      u32(UNDETERMINED_LANGUAGE),
    );
    const hdlr = full('hdlr', 0, 0, u32(0), Buffer.from('vide'), u32(0, 0, 0), Buffer.from('pictures\0'));
    const dinf = makeBox('dinf', full('dref', 0, 0, u32(1), full('url ', 0, 1)));
    const minf = makeBox('minf', full('vmhd', 0, 1, u32(0, 0)), dinf, this.#table(mediaAt));
    return makeBox('moov', mvhd, makeBox('trak', tkhd, makeBox('mdia', mdhd, hdlr, minf)));
  }

  #table(mediaAt: number): Buffer {
    const samples = this.#runs.flatMap((run) => run.samples);
    const durations = countRepeated(this.#runs.flatMap((run) => run.durations));
    const syncs = samples.flatMap(({ isSync }, at) => (isSync ? [at + 1] : []));
    return makeBox(
      'stbl',
      full('stsd', 0, 0, u32(this.#descriptions.length), ...this.#descriptions),
      full('stts', 0, 0, u32(durations.length, durations.flat())),
      full('stss', 0, 0, u32(syncs.length, syncs)),
      full('stsc', 0, 0, this.#runTable()),
      full(
        'stsz',
        0,
        0,
        u32(
          0,
          samples.length,
          samples.map(({ bytes }) => bytes),
        ),
      ),
      full('co64', 0, 0, u32(this.#runs.length), u64(this.#places(mediaAt))),
    );
  }

  /** How many samples each run has from which one on, and what describes them. */
  #runTable(): Buffer {
    const rows: number[][] = [];
    for (const [at, { samples, description }] of this.#runs.entries()) {
      const before = rows.at(-1);
      if (before?.[1] !== samples.length || before[2] !== description + 1)
        rows.push([at + 1, samples.length, description + 1]);
    }
    return u32(rows.length, rows.flat());
  }

  #places(mediaAt: number): readonly number[] {
    let place = mediaAt;
    return this.#runs.map(({ bytes }) => {
      place += bytes;
      return place - bytes;
    });
  }
}

/** Width and height of a track: the last eight bytes of its head, 16.16 each. */
function readSize(init: Buffer): Size {
  const { end } = findBox(init, 'moov', 'trak', 'tkhd');
  return { width: init.readUInt32BE(end - 8), height: init.readUInt32BE(end - 4) };
}

const full = (type: string, version: number, flags: number, ...parts: readonly Buffer[]): Buffer =>
  makeBox(type, u32(version * 0x1000000 + flags), ...parts);

/** Numbers, and lists of them: of a long film they are more than a call takes arguments. */
function u32(...given: readonly (number | readonly number[])[]): Buffer {
  const values = given.flat();
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, 4 * at);
  return bytes;
}

function u64(...given: readonly (number | readonly number[])[]): Buffer {
  const values = given.flat();
  const bytes = Buffer.alloc(8 * values.length);
  for (const [at, value] of values.entries()) bytes.writeBigUInt64BE(BigInt(value), 8 * at);
  return bytes;
}

/** Pairs of how often and what. */
function countRepeated(values: readonly number[]): readonly (readonly [count: number, value: number])[] {
  const pairs: [number, number][] = [];
  for (const value of values) {
    const last = pairs.at(-1);
    if (last?.[1] === value) last[0] += 1;
    else pairs.push([1, value]);
  }
  return pairs;
}
