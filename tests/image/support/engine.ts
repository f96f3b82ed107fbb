/** Docker, run by the command in IMAGE_WRAPPER if there is one. */
import { execFile, spawn } from 'node:child_process';

const ROOT = new URL('../../../', import.meta.url).pathname;
const BUILD_LIMIT_MS = 15 * 60_000;
const COMMAND_LIMIT_MS = 60_000;

/** As WALLCRAWLER_CONTAINER_ENGINE takes it. */
export const ENGINE = `${process.env.IMAGE_WRAPPER ?? ''} docker`.trim();

export interface EngineResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of the engine to its end, whatever that is. */
export function engine(...args: readonly string[]): Promise<EngineResult> {
  const [command = 'docker', ...before] = ENGINE.split(' ');
  return new Promise((resolve) => {
    execFile(command, [...before, ...args], { timeout: COMMAND_LIMIT_MS }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });
}

/** Builds an image as `npm run image` does, from the dist/ that is there. Resolves with its name. */
export async function buildImage(part: 'controller' | 'platform'): Promise<string> {
  const child = spawn(process.execPath, ['scripts/image.mjs', part], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: BUILD_LIMIT_MS,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-20_000);
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  const name = /^WALLCRAWLER_(?:BROWSER_)?IMAGE=(\S+)/m.exec(output)?.[1];
  if (code !== 0 || name === undefined) throw new Error(`The image was not built (${code}):\n${output}`);
  return name;
}
