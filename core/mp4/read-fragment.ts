import { type Box, boxesIn, findBox, Mp4Error } from './boxes.ts';

/** A picture, or what changed since the last one. */
export interface Sample {
  readonly bytes: number;
  /** In the units of its track. */
  readonly duration: number;
  /** It can be shown without the ones before it. */
  readonly isSync: boolean;
}

export interface Fragment {
  /** Of its first sample, in the units of its track. */
  readonly time: number;
  readonly samples: readonly Sample[];
}

/** Flags of `tfhd`, `trun` and of a sample. */
const DEFAULT = { baseOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20 } as const;
const RUN = {
  dataOffset: 0x1,
  firstFlags: 0x4,
  duration: 0x100,
  size: 0x200,
  flags: 0x400,
  composition: 0x800,
} as const;
const IS_NON_SYNC = 0x10000;
/** Of a fragment, which is some seconds of a film. */
const MAX_SAMPLES = 100_000;

/** How many units of the one track make a second. */
export const readTimescale = (init: Buffer): number => within(() => timescaleIn(init));

/** What a `moof` of one track says of the `mdat` behind it. */
export const readFragment = (moof: Buffer): Fragment => within(() => fragmentIn(moof));

/** Beyond the end of a box Node answers in its own words. */
function within<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new Mp4Error('a box that is cut off', { cause: error });
    throw error;
  }
}

function timescaleIn(init: Buffer): number {
  const { bodyStart } = findBox(init, 'moov', 'trak', 'mdia', 'mdhd');
  const isLong = init.readUInt8(bodyStart) === 1;
  const timescale = init.readUInt32BE(bodyStart + (isLong ? 20 : 12));
  if (timescale === 0) throw new Mp4Error('a track without a clock');
  return timescale;
}

function fragmentIn(moof: Buffer): Fragment {
  const { bodyStart, end } = findBox(moof, 'moof', 'traf');
  const boxes = boxesIn(moof, bodyStart, end);
  const find = (type: string): Box => {
    const box = boxes.find((candidate) => candidate.type === type);
    if (box === undefined) throw new Mp4Error(`no ${type}`);
    return box;
  };
  const defaults = readDefaults(moof, find('tfhd'));
  const tfdt = find('tfdt').bodyStart;
  const isLong = moof.readUInt8(tfdt) === 1;
  const time = isLong ? Number(moof.readBigUInt64BE(tfdt + 4)) : moof.readUInt32BE(tfdt + 4);
  const runs = boxes.filter(({ type }) => type === 'trun');
  // Before any of them is read: a run of pictures that all are alike weighs next to nothing, however many it says.
  const count = runs.reduce((sum, { bodyStart }) => sum + moof.readUInt32BE(bodyStart + 4), 0);
  if (count > MAX_SAMPLES) throw new Mp4Error(`${count} samples in a fragment`);
  return { time, samples: runs.flatMap((run) => readRun(moof, run, defaults)) };
}

interface Defaults {
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

function readDefaults(bytes: Buffer, { bodyStart }: Box): Defaults {
  const given = bytes.readUInt32BE(bodyStart) & 0xffffff;
  let at = bodyStart + 8;
  const next = (flag: number, length = 4): number => {
    if ((given & flag) === 0) return 0;
    at += length;
    return length === 4 ? bytes.readUInt32BE(at - 4) : 0;
  };
  next(DEFAULT.baseOffset, 8);
  next(DEFAULT.description);
  return { duration: next(DEFAULT.duration), size: next(DEFAULT.size), flags: next(DEFAULT.flags) };
}

function readRun(bytes: Buffer, { bodyStart }: Box, defaults: Defaults): readonly Sample[] {
  const given = bytes.readUInt32BE(bodyStart) & 0xffffff;
  const count = bytes.readUInt32BE(bodyStart + 4);
  let at = bodyStart + 8;
  const next = (flag: number, otherwise: number): number => {
    if ((given & flag) === 0) return otherwise;
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  next(RUN.dataOffset, 0);
  const firstFlags = next(RUN.firstFlags, defaults.flags);
  return Array.from({ length: count }, (_, index) => {
    const duration = next(RUN.duration, defaults.duration);
    const size = next(RUN.size, defaults.size);
    const flags = next(RUN.flags, index === 0 ? firstFlags : defaults.flags);
    next(RUN.composition, 0);
    if (size === 0) throw new Mp4Error('a sample without bytes');
    return { bytes: size, duration, isSync: (flags & IS_NON_SYNC) === 0 };
  });
}
