import { type ExecFileException, execFile } from 'node:child_process';
import path from 'node:path';
import type { ChromeUser } from '../chrome/launch.ts';
import { CertificatesNotTrustedError } from './certificates-not-trusted.ts';

export interface TrustOptions {
  /** Of the Chrome that is to trust them; it reads them from there at its launch. */
  readonly home: string;
  /** As Chrome's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Who runs Chrome; undefined: whoever this process is. */
  readonly user?: ChromeUser | undefined;
  readonly signal: AbortSignal;
}

const COMMAND_MS = 10_000;
const MAX_SAID_CHARACTERS = 300;
/** An authority that may vouch for servers, and for nothing else: neither clients nor mail. */
const TRUST = 'C,,';

/**
 * Makes the certificates trusted by every Chrome that is launched with this home, and by no other: they are put into the
 * database that Chrome reads on Linux. All of it is done as Chrome's user, in whose folder it is. Rejects with a
 * CertificatesNotTrustedError.
 */
export async function trustCertificates(pems: readonly string[], options: TrustOptions): Promise<void> {
  const folder = path.join(options.home, '.pki', 'nssdb');
  await run('mkdir', ['-p', '-m', '700', folder], '', options);
  // One after the other: each changes the same file.
  for (const [at, pem] of pems.entries())
    await run(
      'certutil',
      ['-A', '-a', '-d', `sql:${folder}`, '-n', `session ${at + 1}`, '-t', TRUST],
      pem,
      options,
    );
}

function run(
  command: string,
  parameters: readonly string[],
  input: string,
  { home, env, user, signal }: TrustOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      parameters,
      { env, cwd: home, signal, timeout: COMMAND_MS, ...user },
      (error, _said, stderr) => {
        if (error === null) resolve();
        else if (signal.aborted) reject(error);
        else
          reject(new CertificatesNotTrustedError(describe(command, error, stderr, home), { cause: error }));
      },
    );
    // It may end without reading, and its exit says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Never a path on this disk, which the words of a program may name. */
function describe(command: string, error: ExecFileException, stderr: string, home: string): string {
  if (error.code === 'ENOENT')
    return `${command} is not installed where the browser runs; on Debian it is in the package libnss3-tools`;
  if (error.killed === true) return `${command} did not end within ${COMMAND_MS} ms`;
  const said = stderr.replaceAll(home, '').replaceAll(`${command}: `, '').trim();
  return said === ''
    ? `${command} failed (${error.signal ?? error.code})`
    : `${command} says: ${said.slice(0, MAX_SAID_CHARACTERS)}`;
}
