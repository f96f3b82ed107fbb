import { makeBox } from '../boxes.ts';

const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * at);
  return bytes;
};
const text = (value: string) => Buffer.from(value, 'latin1');

export const TIMESCALE = 5_000;

/** The beginning of a film, as Chrome writes it: what it is (`ftyp`), and of which pictures (`moov`). */
export function makeInit(config = 'config-a'): Buffer {
  const entry = makeBox(
    'av01',
    Buffer.alloc(24),
    Buffer.from([5, 0, 2, 208]),
    Buffer.alloc(50),
    makeBox('av1C', text(config)),
  );
  const stbl = makeBox(
    'stbl',
    makeBox('stsd', u32(0, 1), entry),
    ...['stts', 'stsc', 'stco'].map((type) => makeBox(type, u32(0, 0))),
    makeBox('stsz', u32(0, 0, 0)),
  );
  const mdia = makeBox(
    'mdia',
    makeBox('mdhd', u32(0, 0, 0, TIMESCALE, 0, 0x55c40000)),
    makeBox('hdlr', u32(0, 0), text('vide'), u32(0, 0, 0), Buffer.alloc(1)),
    makeBox('minf', makeBox('vmhd', u32(1, 0, 0)), makeBox('dinf'), stbl),
  );
  const tkhd = makeBox('tkhd', u32(3, 0, 0, 1, 0, 0), Buffer.alloc(60));
  const trex = makeBox('trex', u32(0, 1, 1, 0, 0, 0));
  return Buffer.concat([
    makeBox('ftyp', text('isom\0\0\0\0isomav01')),
    makeBox(
      'moov',
      makeBox('mvhd', u32(0, 0, 0, 1_000, 0), Buffer.alloc(80)),
      makeBox('trak', tkhd, mdia),
      makeBox('mvex', trex),
    ),
  ]);
}

/** A fragment of samples of this length in bytes, each `ms` long; the first one can be shown by itself. */
export function makeFragment(startMs: number, sizes: readonly number[], ms = 200, fill = 1): Buffer {
  const units = (value: number) => (value * TIMESCALE) / 1_000;
  const tfdt = Buffer.alloc(12);
  tfdt.writeUInt8(1);
  tfdt.writeBigUInt64BE(BigInt(units(startMs)), 4);
  const samples = sizes.flatMap((size) => [units(ms), size]);
  const trun = makeBox('trun', u32(0x01000305, sizes.length, 0, 0x02000000, ...samples));
  const traf = makeBox('traf', makeBox('tfhd', u32(0x020020, 1, 0x01010000)), makeBox('tfdt', tfdt), trun);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return Buffer.concat([
    makeBox('moof', makeBox('mfhd', u32(0, 1)), traf),
    makeBox('mdat', Buffer.alloc(total, fill)),
  ]);
}
