import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Line {
  readonly message: string;
  readonly refusal?: string;
  readonly rights?: readonly string[];
}

const readLines = (dataDir: string): Line[] => {
  const file = join(dataDir, 'logs', 'machine.log');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Line);
};

/** What the stand-ins refused because a role does not allow it, in AWS's words. */
export const accessDenials = (dataDir: string): string[] =>
  readLines(dataDir).flatMap(({ message, refusal }) =>
    message === 'Access denied' && refusal !== undefined ? [refusal] : [],
  );

/** What the roles allow and nobody did, as the machine said when it stopped. */
export const unusedRights = (dataDir: string): readonly string[] | undefined =>
  readLines(dataDir).findLast(({ message }) => message === 'Rights that nobody used')?.rights;

const MAX_TROUBLES = 20;

/** The last lines of all logs that warn or tell an error: what a test that waited in vain says of its machine. */
export const troublesOf = (dataDir: string): string =>
  globSync('logs/**/*.log', { cwd: dataDir })
    .flatMap((file) => readFileSync(join(dataDir, file), 'utf8').split('\n'))
    .filter((line) => /"level":"(?:warn|error)"/.test(line))
    .sort()
    .slice(-MAX_TROUBLES)
    .join('\n');
