import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BadIndexError, bytesOfChunk, type Chunk, endedAtMsOf, parseIndex, RECORDING } from './recording.ts';

const films = suite('the index of a film');
const CREATED = Date.parse('2026-06-01T00:00:00.000Z');

const chunk = (number: number, changes: object = {}) => ({
  number,
  part: 0,
  startedAtMs: CREATED + number * 20_000,
  initBytes: 700,
  segments: [
    [1_000, 2_000],
    [500, 18_000],
  ],
  ...changes,
});
const index = (...chunks: readonly object[]) => ({ version: 1, url: 'https://example.com/', chunks });
const parse = (value: unknown) => parseIndex(JSON.stringify(value), CREATED);

films('is taken as it was written', () => {
  const written = { ...index(chunk(0), chunk(2, { part: 1 })), stopped: 'it is as long as it may be' };
  const read = parse(written);
  assert.equal(read, written);
  const [first] = read.chunks as [Chunk];
  assert.is(bytesOfChunk(first), 2_200);
  assert.is(endedAtMsOf(first), CREATED + 20_000);
});

const BAD: Readonly<Record<string, readonly [value: unknown, field: string]>> = {
  'no object': [[], 'version'],
  'another version': [{ ...index(), version: 2 }, 'version'],
  'no address': [{ ...index(), url: 7 }, 'url'],
  'an address without end': [{ ...index(), url: 'x'.repeat(2_000) }, 'url'],
  'a reason without end': [{ ...index(), stopped: 'x'.repeat(200) }, 'stopped'],
  'no list': [{ ...index(), chunks: {} }, 'chunks'],
  'more chunks than there can be': [index(...Array(RECORDING.maxChunksOfPage + 1).fill(chunk(0))), 'chunks'],
  'a chunk that is none': [index(7 as never), 'chunks/0'],
  'a key instead of a number': [index(chunk('../../p2/s2' as never)), 'chunks/0/number'],
  'a number that is no whole one': [index(chunk(0.5)), 'chunks/0/number'],
  'a number that no key has': [index(chunk(10_000)), 'chunks/0/number'],
  'numbers that fall': [index(chunk(1), chunk(1)), 'chunks/1/number'],
  'parts that fall': [index(chunk(0, { part: 1 }), chunk(1)), 'chunks/1/part'],
  'a time that runs back': [index(chunk(1), chunk(2, { startedAtMs: CREATED })), 'chunks/1/startedAtMs'],
  'a time from before its session': [
    index(chunk(0, { startedAtMs: CREATED - 600_000 })),
    'chunks/0/startedAtMs',
  ],
  'a time that is days away': [
    index(chunk(0, { startedAtMs: CREATED + 90_000_000 })),
    'chunks/0/startedAtMs',
  ],
  'no beginning': [index(chunk(0, { initBytes: 0 })), 'chunks/0/initBytes'],
  'no segments': [index(chunk(0, { segments: [] })), 'chunks/0/segments'],
  'a segment with a name': [index(chunk(0, { segments: [[1, 2, 'x']] })), 'chunks/0/segments/0'],
  'a segment of negative length': [index(chunk(0, { segments: [[-1, 2]] })), 'chunks/0/segments/0'],
  'a duration that is no number': [index(chunk(0, { segments: [[1, '1,\n#EXT']] })), 'chunks/0/segments/0'],
  'a chunk larger than any': [
    index(chunk(0, { segments: Array(9).fill([8 * 1024 * 1024, 1]) })),
    'chunks/0/segments',
  ],
};

for (const [what, [value, field]] of Object.entries(BAD)) {
  films(`is refused with ${what}`, () => {
    try {
      parse(value);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, BadIndexError);
      assert.is((error as Error).message, field);
    }
  });
}

films('is refused where it is no JSON', () => {
  assert.throws(
    () => parseIndex('{', CREATED),
    (error: unknown) => error instanceof BadIndexError,
  );
});

films.run();
