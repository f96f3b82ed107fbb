import { execFile } from 'node:child_process';
import { troublesOf } from './machine-log.ts';
import type { Site } from './pages.ts';
import type { Wallcrawler } from './wallcrawler.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const LIMIT_MS = 60_000;

/** Runs a file of examples/ as it is, against a running platform. Resolves with what it prints. */
export function runExample(
  name: string,
  { wallcrawler, site }: { readonly wallcrawler: Wallcrawler; readonly site: Site },
): Promise<string> {
  const env = {
    ...process.env,
    BROWSERBASE_BASE_URL: wallcrawler.url,
    BROWSERBASE_API_KEY: wallcrawler.apiKey,
    TARGET_URL: site.url,
  };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [`examples/${name}.mjs`],
      { cwd: ROOT, env, timeout: LIMIT_MS },
      (error, output, errors) =>
        error === null
          ? resolve(output)
          : reject(
              new Error(`${name}: ${why(error)}\n${output}\n${errors}\n${troublesOf(wallcrawler.dataDir)}`),
            ),
    );
  });
}

const why = ({
  killed,
  message,
}: {
  readonly killed?: boolean | undefined;
  readonly message: string;
}): string => (killed === true ? `it was not over within ${LIMIT_MS / 1_000} s` : message);
