/** `npm run admin`: the operators' side of an installation. */
import { optional, readConfig, text } from '../../core/config/env.ts';
import { explainAwsFault } from './aws-faults.ts';
import { openAwsInstallation } from './aws-installation.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { HELP } from './help.ts';
import type { Installation } from './installation.ts';
import { openLocalInstallation } from './local-installation.ts';
import { printable } from './printable.ts';
import { UsageError } from './refusal.ts';
import { runCommand } from './run-command.ts';

const config = readConfig(process.env, {
  dataDir: ['WALLCRAWLER_DATA_DIR', optional(text(), '.wallcrawler')],
  dynamodbEndpoint: ['WALLCRAWLER_DYNAMODB_ENDPOINT', optional(text(), undefined)],
  profile: ['AWS_PROFILE', optional(text(), undefined)],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});

const USAGE_EXIT_CODE = 2;

async function main(): Promise<string> {
  const line = parseCommandLine(process.argv.slice(2));
  if (line === 'help') return HELP;
  const { prefix, 'data-dir': dataDir = config.dataDir } = line.options;
  if (prefix === undefined)
    return carryOut(line, await openLocalInstallation(dataDir, config.dynamodbEndpoint));
  const environment = { profile: config.profile, usesEndpoint: config.awsEndpoint !== undefined };
  return openAwsInstallation(prefix, environment)
    .then((installation) => carryOut(line, installation))
    .catch((cause: unknown) => {
      const sentence = explainAwsFault(cause);
      throw sentence === undefined ? cause : new Error(sentence, { cause });
    });
}

async function carryOut(line: CommandLine, installation: Installation): Promise<string> {
  try {
    return await runCommand(installation, line, process.stdout.isTTY ? process.stdout.columns : undefined);
  } finally {
    await installation.close();
  }
}

main().then(
  (output) => console.log(output),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    console.error(message.split('\n').map(printable).join('\n'));
    process.exitCode = error instanceof UsageError ? USAGE_EXIT_CODE : 1;
  },
);
