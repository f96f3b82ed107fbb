import { execFile } from 'node:child_process';

const ROOT = new URL('../../../', import.meta.url).pathname;

// A deletion waits until the authorizer's answers have run out.
const TIMEOUT_MS = 150_000;

export interface AdminResult {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs one command of `npm run admin` on the installation in `dataDir`. */
export function runAdmin(dataDir: string, ...args: string[]): Promise<AdminResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, WALLCRAWLER_DATA_DIR: dataDir };
    execFile(
      process.execPath,
      ['apps/admin/index.ts', ...args],
      { cwd: ROOT, env, timeout: TIMEOUT_MS },
      (error, output, errors) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1,
          output,
          errors,
        }),
    );
  });
}
