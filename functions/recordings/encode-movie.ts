import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type FileWithHead, readFileWithHead } from '../../core/aws/artifacts/put-artifact-file.ts';
import type { Clock } from '../../core/domain/clock.ts';
import { ENCODER_LIMITS, type EncoderLimits } from './encoder-limits.ts';

export interface MovieToEncode extends FileWithHead {
  /** Of its largest picture. */
  readonly width: number;
  readonly height: number;
}

/** What has become of it. Where it is given up, nothing is wrong with the movie: it takes too much. */
export type Encoded =
  | { readonly kind: 'encoded'; readonly movie: FileWithHead }
  | { readonly kind: 'given up' | 'failed'; readonly reason: string };

export interface EncodeOptions {
  readonly clock: Clock;
  readonly ffmpegPath: string;
  /** Where the movie is put: a file that is not there yet. */
  readonly file: string;
  /** What the encoder says when it fails, for a log. */
  readonly onMessage: (message: string) => void;
  readonly limits?: EncoderLimits;
}

/**
 * A movie of AV1 as one of H.264, by an ffmpeg. The pictures are a stranger's: it is told which format and which decoder
 * they have, reads them from a pipe, reaches no network, and knows nothing of this process' environment.
 */
export async function encodeMovie(movie: MovieToEncode, options: EncodeOptions): Promise<Encoded> {
  const { clock, ffmpegPath, file, onMessage, limits = ENCODER_LIMITS } = options;
  if (movie.width * movie.height > limits.pixels)
    return { kind: 'failed', reason: 'its pictures are too large' };
  const child = spawn(ffmpegPath, argumentsOf(movie, file, limits), {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {},
  });
  // Not Node's own time-out, which goes on where there is no such program.
  const cancel = clock.setTimer(limits.encodeMs, () => child.kill('SIGKILL'));
  const ended = endOf(child);
  const [stderr, fault] = await Promise.all([
    readStart(child.stderr, limits.messageBytes),
    // Of an encoder that has ended nobody reads any more; how it ended says why.
    pipeline(readFileWithHead(movie), child.stdin).catch((error: NodeJS.ErrnoException) => error),
  ]);
  const { code, signal } = await ended.finally(cancel);
  if (child.killed) return { kind: 'given up', reason: 'it took too long' };
  if (code !== 0) {
    onMessage(stderr);
    return { kind: 'failed', reason: `the encoder ended with ${signal ?? code}` };
  }
  const { size } = await stat(file);
  // Then it has stopped by itself.
  if (size >= limits.fileBytes) return { kind: 'given up', reason: 'it would be too large' };
  if (fault !== undefined) throw fault;
  return { kind: 'encoded', movie: { head: Buffer.alloc(0), file, bytes: size } };
}

function argumentsOf({ width, height }: MovieToEncode, file: string, limits: EncoderLimits): string[] {
  // H.264 with colours of half the size has even sides. Smaller pictures are in the middle, none is enlarged.
  const [evenWidth, evenHeight] = [width + (width % 2), height + (height % 2)];
  const filters = `pad=${evenWidth}:${evenHeight}:(ow-iw)/2:(oh-ih)/2,setsar=1`;
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
    ...['-protocol_whitelist', 'pipe', '-f', 'mov', '-codec_whitelist', 'libdav1d'],
    ...['-max_pixels', String(limits.pixels), '-i', 'pipe:0'],
    ...['-map', '0:v:0', '-map_metadata', '-1', '-vf', filters],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-pix_fmt', 'yuv420p'],
    ...['-movflags', '+faststart', '-fs', String(limits.fileBytes), '-f', 'mp4', `file:${file}`],
  ];
}

function endOf(child: ReturnType<typeof spawn>) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
  }>();
  child.once('error', reject);
  child.once('close', (code, signal) => resolve({ code, signal }));
  // It is waited for when its output has ended.
  promise.catch(() => {});
  return promise;
}

/** The first bytes as text; all of it is read, so that whoever writes it is not held up. */
async function readStart(stream: Readable, bytes: number): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text = `${text}${String(chunk)}`.slice(0, bytes);
  return text;
}
