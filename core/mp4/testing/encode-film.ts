import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian has it. */
export const FFMPEG = '/usr/bin/ffmpeg';
export const hasFfmpeg = (): boolean => existsSync(FFMPEG);

/** A film as Chrome writes one, of AV1 in fragments, of pictures that an encoder can read. `size`: `321:240`. */
export function encodeFilm(size: string, seconds = 2): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'film-'));
  const file = join(folder, 'film.mp4');
  const pictures = ['-vf', `scale=${size}`, '-pix_fmt', 'yuv420p'];
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=640x480:r=5:d=${seconds}`, ...pictures];
  const codec = ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-g', '10'];
  const fragments = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof'];
  try {
    execFileSync(FFMPEG, ['-v', 'error', '-y', ...source, ...codec, ...fragments, file]);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
