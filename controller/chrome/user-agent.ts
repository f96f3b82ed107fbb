import { type ExecFileException, execFile } from 'node:child_process';
import { CONTAINER_START } from '../../core/domain/timing.ts';
import { ChromeLaunchError, type LaunchOptions } from './launch.ts';
import { CHROME_LIMITS } from './limits.ts';
import { createStderrTail } from './stderr-tail.ts';

/** As Chrome itself words it, the version cut as it cuts it, but with the name of the whole browser. */
const userAgentOf = (major: string): string =>
  `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`;

const majorOf = (said = ''): string | undefined => /\b(\d+)(?:\.\d+){3}\b/.exec(said)?.[1];

/** In the words of a launch that fails in the same way. */
const describe = ({ code, signal, name }: ExecFileException): string =>
  typeof code === 'string'
    ? `Chrome could not be executed (${code})`
    : `Chrome exited at once (${signal ?? (code == null ? name : `code ${code}`)})`;

function tailOf(said: string): string {
  const tail = createStderrTail();
  tail.add(said);
  return tail.read(CHROME_LIMITS.launchTailCharacters);
}

/**
 * What this Chrome would call itself on a screen. It takes that at its launch only, so where `known` does not tell its
 * version, it is asked before: by a process that does nothing else (0.1 s).
 */
export async function readUserAgent(
  {
    executable,
    env,
    cwd,
    user,
    signal,
  }: Pick<LaunchOptions, 'executable' | 'env' | 'cwd' | 'user' | 'signal'>,
  known?: string,
): Promise<string> {
  const knownMajor = majorOf(known);
  if (knownMajor !== undefined) return userAgentOf(knownMajor);
  const options = { env, cwd, signal, timeout: CONTAINER_START.chromeLaunchMs, ...user };
  return new Promise((resolve, reject) => {
    execFile(executable, ['--version'], options, (error, said, stderr) => {
      const major = majorOf(said);
      if (signal.aborted) reject(new ChromeLaunchError('The launch was given up', ''));
      else if (error !== null) reject(new ChromeLaunchError(describe(error), tailOf(stderr)));
      else if (major === undefined) reject(new ChromeLaunchError('Chrome did not say its version', ''));
      else resolve(userAgentOf(major));
    });
  });
}
