/** With programs that behave as an encoder may, and with a real ffmpeg where there is one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../core/clock/system-clock.ts';
import { boxesIn, findBox } from '../../core/mp4/boxes.ts';
import { Movie } from '../../core/mp4/movie.ts';
import { encodeFilm, FFMPEG, hasFfmpeg } from '../../core/mp4/testing/encode-film.ts';
import { encodeMovie, type MovieToEncode } from './encode-movie.ts';
import { ENCODER_LIMITS } from './encoder-limits.ts';

const encoding = suite('a movie as H.264');
let folder: string;
let messages: string[];

encoding.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'encode-'));
  messages = [];
});
encoding.after.each(() => rmSync(folder, { recursive: true, force: true }));

function movieOf(head: Buffer, media: Buffer, size = { width: 1_280, height: 720 }): MovieToEncode {
  const file = join(folder, 'pictures');
  writeFileSync(file, media);
  return { head, file, bytes: head.length + media.length, ...size };
}

/** An encoder that does `commands`; `$out` is the file that it is to make. */
function program(commands: string): string {
  const path = join(folder, 'encoder');
  writeFileSync(path, `#!/bin/sh\nfor out; do :; done\nout=\${out#file:}\n${commands}\n`, { mode: 0o755 });
  return path;
}

const encode = (ffmpegPath: string, movie: MovieToEncode, limits: Partial<typeof ENCODER_LIMITS> = {}) =>
  encodeMovie(movie, {
    clock: systemClock,
    ffmpegPath,
    file: join(folder, 'film.mp4'),
    onMessage: (message) => messages.push(message),
    limits: { ...ENCODER_LIMITS, ...limits },
  });

const MOVIE = () => movieOf(Buffer.from('head '), Buffer.from('pictures'));

encoding('is what the encoder makes of all its bytes, and it knows nothing of our environment', async () => {
  process.env.SECRET_OF_OURS = 'secret';
  const answer = await encode(program('cat > "$out"; env >> "$out"'), MOVIE());
  assert.is(answer.kind, 'encoded');
  const made = readFileSync(join(folder, 'film.mp4'), 'utf8');
  assert.match(made, /^head pictures/);
  assert.not.match(made, 'secret');
});

encoding('has failed with an encoder that fails, whether or not it has read anything', async () => {
  const large = movieOf(Buffer.alloc(0), Buffer.alloc(3_000_000));
  const loud = program('yes "what is wrong" | head -c 300000 >&2; exit 3');
  assert.equal(await encode(loud, large), { kind: 'failed', reason: 'the encoder ended with 3' });
  assert.is(messages[0]?.length, ENCODER_LIMITS.messageBytes);
  assert.equal(await encode(program('kill -SEGV $$'), large), {
    kind: 'failed',
    reason: 'the encoder ended with SIGSEGV',
  });
  const missing = await encode(join(folder, 'none'), large).catch((error: NodeJS.ErrnoException) => error);
  assert.is('code' in missing && missing.code, 'ENOENT');
});

encoding('is given up where it takes too long, and nobody goes on with it', async () => {
  const slow = program('echo $$ > "$out.pid"; exec tail -f /dev/null');
  const answer = await encode(slow, MOVIE(), { encodeMs: 300 as never });
  assert.equal(answer, { kind: 'given up', reason: 'it took too long' });
  const pid = Number(readFileSync(join(folder, 'film.mp4.pid'), 'utf8'));
  assert.throws(() => process.kill(pid, 0), /ESRCH/);
});

encoding('is given up where it gets too large, and is none where its pictures are', async () => {
  const full = program('head -c 1000 /dev/zero > "$out"');
  const answer = await encode(full, MOVIE(), { fileBytes: 1_000 as never });
  assert.equal(answer, { kind: 'given up', reason: 'it would be too large' });
  const huge = movieOf(Buffer.alloc(0), Buffer.alloc(0), { width: 60_000, height: 60_000 });
  assert.equal(await encode(full, huge), { kind: 'failed', reason: 'its pictures are too large' });
});

const withFfmpeg = hasFfmpeg() ? encoding : encoding.skip;
if (!hasFfmpeg()) console.log(`SKIPPED: movies of a real encoder, because there is no ${FFMPEG}`);

const PICTURES = 10;

function joined(...films: readonly Buffer[]): MovieToEncode {
  const movie = new Movie();
  const media = Buffer.concat(films.flatMap((each) => movie.add(each)));
  return movieOf(movie.head(), media, movie.largest);
}

withFfmpeg('plays everywhere: its table ahead, even sides, each picture of every part', async () => {
  const answer = await encode(
    FFMPEG,
    joined(encodeFilm('321:240'), encodeFilm('200:151'), encodeFilm('321:240')),
  );
  assert.equal([answer.kind, messages], ['encoded', []]);
  const made = readFileSync(join(folder, 'film.mp4'));
  assert.equal(
    boxesIn(made)
      .map(({ type }) => type)
      .filter((type) => type !== 'free'),
    ['ftyp', 'moov', 'mdat'],
  );
  const table = ['moov', 'trak', 'mdia', 'minf', 'stbl'];
  const { bodyStart } = findBox(made, ...table, 'stsz');
  assert.is(made.readUInt32BE(bodyStart + 8), 3 * PICTURES);
  assert.match(made.toString('latin1'), 'avc1');
  const { end } = findBox(made, 'moov', 'trak', 'tkhd');
  assert.equal([made.readUInt16BE(end - 8), made.readUInt16BE(end - 4)], [322, 240]);
});

withFfmpeg('has failed with what is no film, and says why in the log only', async () => {
  const { head } = joined(encodeFilm('64:64'));
  const answer = await encode(FFMPEG, movieOf(head, Buffer.alloc(5_000, 7)));
  assert.is(answer.kind, 'failed');
  assert.ok((messages[0] ?? '').length > 0);
  const other = movieOf(Buffer.from('#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/x.ts\n'), Buffer.alloc(0));
  assert.is((await encode(FFMPEG, other)).kind, 'failed');
});

encoding.run();
