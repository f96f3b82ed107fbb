import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseCommandLine, UsageError } from '../command-line.ts';
import { type Installation, openLocalInstallation } from '../installation.ts';
import { runCommand } from '../run-command.ts';

/** An installation that nobody has started: its tables are there and empty, in a real DynamoDB. */
export async function openTestInstallation() {
  const dataDir = mkdtempSync(join(tmpdir(), 'admin-'));
  mkdirSync(join(dataDir, 'aws'));
  const installation = await openLocalInstallation(dataDir);
  return {
    installation,
    dataDir,
    /** Runs a command line as `npm run admin` does, and answers what it prints. */
    run: (...args: string[]) => run(installation, args),
    refusal: (...args: string[]) => refusalOf(run(installation, args)),
    close: async () => {
      await installation.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export type TestInstallation = Awaited<ReturnType<typeof openTestInstallation>>;

async function run(installation: Installation, args: readonly string[]): Promise<string> {
  const line = parseCommandLine(args);
  if (line === 'help') throw new Error('no help was asked for');
  return runCommand(installation, line);
}

/** The sentence that a mistake is answered with; anything else is a failure. */
async function refusalOf(command: Promise<string>): Promise<string> {
  const outcome = await command.catch((error: unknown) => error);
  assert.instance(outcome, UsageError, `not refused: ${String(outcome)}`);
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
