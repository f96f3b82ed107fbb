import { parseArgs } from 'node:util';

/** A mistake in the command line: one sentence, no stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `Projects, API keys and token keys of a Wallcrawler installation.

  npm run admin -- <command> [options]

Commands
  projects create --name NAME       make a project
      [--id ID]                       its id; by default a new UUID
      [--timeout SECONDS]             default timeout of its sessions, 60 to 21600 (3600)
      [--concurrency N]               sessions at once, 1 to 10000 (25)
      [--owner ID]                    who owns it (owner)
  projects update PROJECT-ID        change its --name, --timeout or --concurrency
  projects list                     list all projects
  keys create --project ID ...      make an API key for one or several projects; it is shown once
      [--default-project ID]          the project of requests that name none (the first)
      [--name NAME]                   a name for people (key)
      [--expires-in-days N]           1 to 3650; by default never
  keys list                         list all keys; never their text
  keys revoke KEY-ID                revoke a key, by its id in the list
  token-keys rotate                 sign with a fresh key; the keys before it stay valid for 7 h
      [--drop-earlier]                they do not: live sessions lose their tokens (for a key that leaked)

Where
  --data-dir DIR                    the local installation in DIR (WALLCRAWLER_DATA_DIR, or .wallcrawler)
  --prefix NAME                     the AWS tables NAME-projects, NAME-api-keys, NAME-public-keys and the secret
                                    NAME-token-keys, with region and credentials from the SDK's environment
  --help                            this text
`;

const OPTIONS = {
  id: { type: 'string' },
  name: { type: 'string' },
  timeout: { type: 'string' },
  concurrency: { type: 'string' },
  owner: { type: 'string' },
  project: { type: 'string', multiple: true },
  'default-project': { type: 'string' },
  'drop-earlier': { type: 'boolean' },
  'expires-in-days': { type: 'string' },
  'data-dir': { type: 'string' },
  prefix: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const WHERE = ['data-dir', 'prefix', 'help'] as const;
/** Each command with the options it takes, besides those that say where. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'projects create': ['name', 'id', 'timeout', 'concurrency', 'owner'],
  'projects update': ['name', 'timeout', 'concurrency'],
  'projects list': [],
  'keys create': ['project', 'default-project', 'name', 'expires-in-days'],
  'keys list': [],
  'keys revoke': [],
  'token-keys rotate': ['drop-earlier'],
};
/** Commands that take one operand, and what it is. */
const OPERANDS: Readonly<Record<string, string>> = {
  'projects update': 'PROJECT-ID',
  'keys revoke': 'KEY-ID',
};

export type Options = ReturnType<typeof parse>['values'];

export interface CommandLine {
  readonly command: string;
  readonly operands: readonly string[];
  readonly options: Options;
}

const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });

/** The command and its options, or a UsageError that names what is wrong. */
export function parseCommandLine(args: readonly string[]): CommandLine | 'help' {
  const { values, positionals } = parseOrExplain(args);
  if (values.help || positionals.length === 0) return 'help';
  const [group = '', verb = '', ...operands] = positionals;
  const command = `${group} ${verb}`.trim();
  const allowed = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (allowed === undefined) {
    throw new UsageError(`There is no command "${command}"; there are: ${Object.keys(COMMANDS).join(', ')}`);
  }
  const known = new Set<string>([...allowed, ...WHERE]);
  const foreign = Object.keys(values).find((option) => !known.has(option));
  if (foreign !== undefined) throw new UsageError(`"${command}" takes no --${foreign}`);
  const operand = OPERANDS[command];
  if (operands.length !== (operand === undefined ? 0 : 1)) {
    throw new UsageError(
      operand === undefined ? `"${command}" takes no "${operands[0]}"` : `"${command}" takes one ${operand}`,
    );
  }
  checkWhere(values);
  return { command, operands, options: values };
}

// What all names of tables and secrets on AWS may have in them.
const PREFIX_FORM = /^[A-Za-z0-9_.-]+$/;

/** An empty word, as of a variable that is not set, must not choose an installation. */
function checkWhere({ prefix, 'data-dir': dataDir }: Options): void {
  if (prefix !== undefined && dataDir !== undefined)
    throw new UsageError('--prefix means AWS and --data-dir means this machine: give one of them');
  if (prefix !== undefined && !PREFIX_FORM.test(prefix))
    throw new UsageError(
      '--prefix must be the beginning of the names of AWS tables: letters, digits, -, _ or .',
    );
  if (dataDir === '') throw new UsageError('--data-dir must be a folder');
}

function parseOrExplain(args: readonly string[]) {
  try {
    return parse(args);
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0] ?? 'The command line is not valid');
  }
}

/** A whole number within bounds, or a UsageError that names the option. */
export function integerOption(
  name: string,
  raw: string | undefined,
  { fallback, min, max }: { fallback: number; min: number; max: number },
): number {
  const value = raw === undefined ? fallback : /^\d+$/.test(raw) ? Number(raw) : Number.NaN;
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}`);
  }
  return value;
}

const MAX_NAME_CHARACTERS = 128;

// Controls of 7 and 8 bits, formats (the direction of text among them), halves of characters, and line breaks: a list
// of names is printed to terminals.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A name for people: present, printable and of bounded length. */
export function nameOption(name: string, raw: string | undefined): string {
  const value = raw?.trim() ?? '';
  if (value === '' || value.length > MAX_NAME_CHARACTERS || UNPRINTABLE.test(value)) {
    throw new UsageError(`--${name} must be a text of 1 to ${MAX_NAME_CHARACTERS} printable characters`);
  }
  return value;
}
