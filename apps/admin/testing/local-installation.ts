import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseCommandLine } from '../command-line.ts';
import type { Installation } from '../installation.ts';
import { openLocalInstallation } from '../local-installation.ts';
import { RefusedError, UsageError } from '../refusal.ts';
import { runCommand } from '../run-command.ts';

/** An installation that nobody has started: its tables are there and empty, in a real DynamoDB. */
export async function openTestInstallation() {
  const dataDir = mkdtempSync(join(tmpdir(), 'admin-'));
  mkdirSync(join(dataDir, 'aws'));
  const installation = await openLocalInstallation(dataDir);
  return {
    ...testInstallation(installation),
    dataDir,
    close: async () => {
      await installation.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The commands of an installation, run as `npm run admin` runs them. */
export const testInstallation = (installation: Installation) => ({
  installation,
  /** Runs a command line as `npm run admin` does, and answers what it prints. */
  run: (...args: string[]) => run(installation, args),
  /** The same with `--json`, read. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads in it what the command at hand has
  json: async (...args: string[]): Promise<any> => JSON.parse(await run(installation, [...args, '--json'])),
  /** The sentence that a mistake is answered with. */
  refusal: (...args: string[]) => refusalOf(run(installation, args), UsageError),
  /** The sentence that what cannot be done is answered with. */
  obstacle: (...args: string[]) => refusalOf(run(installation, args), RefusedError),
});

export type TestInstallation = Awaited<ReturnType<typeof openTestInstallation>>;

export async function run(installation: Installation, args: readonly string[]): Promise<string> {
  const line = parseCommandLine(args);
  if (line === 'help') throw new Error('no help was asked for');
  return runCommand(installation, line);
}

async function refusalOf(
  command: Promise<string>,
  kind: typeof UsageError | typeof RefusedError,
): Promise<string> {
  const outcome = await command.catch((error: unknown) => error);
  assert.instance(outcome, kind, `not refused: ${String(outcome)}`);
  return (outcome as Error).message;
}

/** The rows of a printed table as objects, by its head. */
export function rowsOf(table: string): Record<string, string>[] {
  const [head = '', ...lines] = table.split('\n');
  const titles = [...head.matchAll(/\S+\s*/g)];
  return lines.map((line) =>
    Object.fromEntries(
      titles.map((title, index) => [
        title[0].trim(),
        line.slice(title.index, titles[index + 1]?.index).trim(),
      ]),
    ),
  );
}
