/** `npm run admin`: projects, API keys and token keys. */
import { optional, readConfig, text } from '../../core/config/env.ts';
import { HELP, parseCommandLine, UsageError } from './command-line.ts';
import { openAwsInstallation, openLocalInstallation } from './installation.ts';
import { runCommand } from './run-command.ts';

const config = readConfig(process.env, {
  dataDir: ['WALLCRAWLER_DATA_DIR', optional(text(), '.wallcrawler')],
  dynamodbEndpoint: ['WALLCRAWLER_DYNAMODB_ENDPOINT', optional(text(), undefined)],
});

const USAGE_EXIT_CODE = 2;

async function main(): Promise<string> {
  const line = parseCommandLine(process.argv.slice(2));
  if (line === 'help') return HELP;
  const { prefix, 'data-dir': dataDir = config.dataDir } = line.options;
  const installation =
    prefix === undefined
      ? await openLocalInstallation(dataDir, config.dynamodbEndpoint)
      : openAwsInstallation(prefix);
  try {
    return await runCommand(installation, line);
  } finally {
    await installation.close();
  }
}

main().then(
  (output) => console.log(output),
  (error: unknown) => {
    console.error(error instanceof Error ? `${error.message}` : String(error));
    process.exitCode = error instanceof UsageError ? USAGE_EXIT_CODE : 1;
  },
);
