/**
 * Six hours of a session's film, by the clock, from what Chrome writes to what players and editors read: the container's
 * chunks and index, the functions' playlist, and the MP4 with its one table.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PageFilm, type ReadyChunk } from '../../controller/recording/page-film.ts';
import {
  type Chunk,
  durationMsOfChunk,
  parseIndex,
  RECORDING,
  type RecordingIndex,
} from '../../core/domain/recording.ts';
import { findBox } from '../../core/mp4/boxes.ts';
import { Movie } from '../../core/mp4/movie.ts';
import { makeFragment, makeInit, TIMESCALE } from '../../core/mp4/testing/make-film.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { filmOfSession } from '../../functions/recordings/film-order.ts';
import { playlistOf } from '../../functions/recordings/playlist.ts';

const SIX_HOURS_MS = 6 * 3_600_000;
/** As Chrome writes at five pictures a second while something moves. */
const FRAGMENT_MS = 2_000;
const PICTURES = 10;
const PICTURE_MS = FRAGMENT_MS / PICTURES;
const SIZES = [4_000, ...Array.from({ length: PICTURES - 1 }, () => 400)];
const FRAGMENTS = SIX_HOURS_MS / FRAGMENT_MS;
const CHUNK_MS = 20_000;
const CHUNKS = SIX_HOURS_MS / CHUNK_MS;
/** Of 80 MB of pictures that pass through: the table of them. */
const MAX_HELD_BYTES = 20 * 1024 ** 2;
const MDAT_HEAD_BYTES = 16;
const MAX_HEAD_BYTES = 2 * 1024 ** 2;

const films = suite('the film of six hours');

/** A page's film that time passes for, and what is stored of it. */
function startFilm(
  page: number,
  clock: ReturnType<typeof createManualClock>,
  onChunk = (_: ReadyChunk) => {},
) {
  const stored: Chunk[] = [];
  const film = new PageFilm(page, (chunk) => {
    const { body: _body, ...described } = chunk;
    stored.push(described);
    onChunk(chunk);
  });
  let startedAtMs = 0;
  return {
    begin() {
      startedAtMs = clock.now();
      film.begin(startedAtMs);
      film.push(makeInit());
    },
    fragment() {
      film.push(makeFragment(clock.now() - startedAtMs, SIZES, PICTURE_MS));
      clock.advance(FRAGMENT_MS);
    },
    end: () => film.end(),
    /** As the functions read it. */
    index(createdAtMs: number): RecordingIndex {
      const text = JSON.stringify({ version: RECORDING.version, url: '', chunks: stored });
      assert.ok(text.length < RECORDING.maxIndexBytes / 8, `${text.length} bytes`);
      return parseIndex(text, createdAtMs);
    },
  };
}

const secondsOf = (playlist: string): number =>
  [...playlist.matchAll(/#EXTINF:([\d.]+),/g)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
const countOf = (playlist: string, tag: string): number => playlist.split(`\n${tag}`).length - 1;

films('of one page is numbered without a gap, listed to its last chunk, and one scene', () => {
  const clock = createManualClock();
  const createdAtMs = clock.now();
  const film = startFilm(0, clock);
  film.begin();
  for (let each = 0; each < FRAGMENTS; each += 1) film.fragment();
  film.end();
  const { chunks } = film.index(createdAtMs);
  assert.equal(
    chunks.map(({ number, startedAtMs }) => [number, startedAtMs - createdAtMs]),
    Array.from({ length: CHUNKS }, (_, number) => [number, number * CHUNK_MS]),
  );
  const placed = chunks.map((chunk) => ({ page: 0, chunk, url: `chunk-${chunk.number}` }));
  const playlist = playlistOf(placed);
  assert.is(Math.round(secondsOf(playlist) * 1_000), SIX_HOURS_MS);
  assert.is(countOf(playlist, '#EXT-X-MAP'), 1);
  assert.is(countOf(playlist, '#EXT-X-DISCONTINUITY'), 0);
  assert.is(countOf(playlist, '#EXT-X-TARGETDURATION:20'), 1);
  assert.ok(playlist.endsWith(`\nchunk-${CHUNKS - 1}\n#EXT-X-ENDLIST\n`));
});

films('of two pages in turns is in the order of its clock, each turn with a beginning of its own', () => {
  const clock = createManualClock();
  const createdAtMs = clock.now();
  const pages = [startFilm(0, clock), startFilm(1, clock)] as const;
  for (let turn = 0; turn < CHUNKS; turn += 1) {
    const film = pages[turn % 2 === 0 ? 0 : 1];
    film.begin();
    for (let each = 0; each < CHUNK_MS / FRAGMENT_MS; each += 1) film.fragment();
    film.end();
  }
  const session = filmOfSession(
    pages.map((film, page) => ({ page, index: film.index(createdAtMs) }) as never),
  );
  assert.equal(
    session.map(({ page, chunk }) => [page, chunk.number, chunk.part, chunk.startedAtMs - createdAtMs]),
    Array.from({ length: CHUNKS }, (_, turn) => {
      const number = Math.floor(turn / 2);
      return [turn % 2, number, number, turn * CHUNK_MS];
    }),
  );
  const playlist = playlistOf(session.map((filmed) => ({ ...filmed, url: 'chunk' })));
  assert.is(countOf(playlist, '#EXT-X-MAP'), CHUNKS);
  assert.is(Math.round(secondsOf(playlist) * 1_000), SIX_HOURS_MS);
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const heldBytes = (): number => {
  // The first round only marks buffers whose memory the second one gives back.
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

films('is an MP4 whose table has every picture, and which holds no more than that table', () => {
  const clock = createManualClock();
  const movie = new Movie();
  let mediaBytes = 0;
  let lastsMs = 0;
  const beforeBytes = heldBytes();
  const film = startFilm(0, clock, (chunk) => {
    lastsMs += durationMsOfChunk(chunk);
    mediaBytes += movie.add(chunk.body).reduce((sum, { length }) => sum + length, 0);
  });
  film.begin();
  for (let each = 0; each < FRAGMENTS; each += 1) film.fragment();
  film.end();
  const held = heldBytes() - beforeBytes;
  assert.ok(held < MAX_HELD_BYTES, `${held} bytes are held`);
  assert.is(lastsMs, SIX_HOURS_MS);
  assert.is(mediaBytes, FRAGMENTS * SIZES.reduce((sum, size) => sum + size, 0));
  const head = movie.head();
  assert.ok(head.length < MAX_HEAD_BYTES, `${head.length} bytes`);
  // Its mdat goes on behind it.
  const boxes = head.subarray(0, -MDAT_HEAD_BYTES);
  const table = (type: string) => findBox(boxes, 'moov', 'trak', 'mdia', 'minf', 'stbl', type).bodyStart;
  assert.is(head.readUInt32BE(table('stsz') + 8), FRAGMENTS * PICTURES);
  assert.is(head.readUInt32BE(table('stss') + 4), FRAGMENTS);
  assert.is(head.readUInt32BE(table('co64') + 4), FRAGMENTS);
  const lastPlace = head.readBigUInt64BE(table('co64') + 8 + 8 * (FRAGMENTS - 1));
  assert.is(Number(lastPlace), head.length + mediaBytes - mediaBytes / FRAGMENTS);
  const duration = head.readBigUInt64BE(findBox(boxes, 'moov', 'mvhd').bodyStart + 24);
  assert.is(Number(duration), (SIX_HOURS_MS * TIMESCALE) / 1_000);
  console.log(`it holds ${held} bytes for a table of ${head.length}`);
});

films.run();
