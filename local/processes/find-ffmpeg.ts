/** Whether this machine has an ffmpeg that can make H.264 of what Chrome records. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable } from '../chrome/find-chrome.ts';

const run = promisify(execFile);
const ANSWER_MS = 5_000;
/** What an ffmpeg says of how it was built: the decoder and the encoder. */
const NEEDED = ['--enable-libdav1d', '--enable-libx264'] as const;

/** A way to say it, for a person. */
export type FfmpegOnMachine = { readonly path: string } | { readonly why: string };

export async function findFfmpeg(searchPath: string): Promise<FfmpegOnMachine> {
  const folders = searchPath.split(':').filter((folder) => folder.startsWith('/'));
  const path = folders.map((folder) => join(folder, 'ffmpeg')).find(isExecutable);
  if (path === undefined) return { why: 'there is no ffmpeg on the PATH' };
  try {
    const { stdout } = await run(path, ['-hide_banner', '-version'], { timeout: ANSWER_MS, env: {} });
    const lacking = NEEDED.filter((flag) => !stdout.includes(flag));
    if (lacking.length === 0) return { path };
    return {
      why: `${path} is built without ${lacking.map((flag) => flag.slice('--enable-'.length)).join(' and ')}`,
    };
  } catch (error) {
    const { code, signal } = error as { readonly code?: unknown; readonly signal?: unknown };
    return { why: `${path} does not run here (${signal ?? code})` };
  }
}

/** The line that a start prints. */
export const describeFfmpeg = (found: FfmpegOnMachine): string =>
  'path' in found ? found.path : `none, MP4 files of recordings are AV1 (docs/recordings.md): ${found.why}`;
