import { parseArgs } from 'node:util';
import { UsageError } from './refusal.ts';

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
  grace: { type: 'string' },
  force: { type: 'boolean' },
  all: { type: 'boolean' },
  status: { type: 'string' },
  limit: { type: 'string' },
  days: { type: 'string' },
  csv: { type: 'boolean' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
  prefix: { type: 'string' },
  help: { type: 'boolean' },
} as const;

interface CommandForm {
  /** The options that it takes, besides those of all commands. */
  readonly options: readonly (keyof typeof OPTIONS)[];
  /** What its operands are, each of which has to be there; none when left out. */
  readonly operands?: readonly string[];
}

const OF_ALL = ['json', 'data-dir', 'prefix', 'help'] as const;
const COMMANDS = {
  'projects create': { options: ['name', 'id', 'timeout', 'concurrency', 'owner'] },
  'projects update': { options: ['name', 'timeout', 'concurrency'], operands: ['PROJECT-ID'] },
  'projects list': { options: [] },
  'projects show': { options: [], operands: ['PROJECT-ID'] },
  'projects delete': { options: ['force'], operands: ['PROJECT-ID'] },
  'keys create': { options: ['project', 'default-project', 'name', 'expires-in-days'] },
  'keys list': { options: [] },
  'keys revoke': { options: [], operands: ['KEY-ID'] },
  'keys rotate': { options: ['grace', 'expires-in-days'], operands: ['KEY-ID'] },
  'sessions list': { options: ['project', 'all', 'status', 'limit'] },
  'sessions show': { options: [], operands: ['SESSION-ID'] },
  'sessions end': { options: [], operands: ['SESSION-ID'] },
  'contexts list': { options: ['project', 'limit'] },
  'contexts delete': { options: [], operands: ['CONTEXT-ID'] },
  'contexts size': { options: ['project'] },
  'contexts versions': { options: ['limit'], operands: ['CONTEXT-ID'] },
  'contexts restore': { options: ['force'], operands: ['CONTEXT-ID', 'VERSION'] },
  'token-keys rotate': { options: ['drop-earlier'] },
  'token-keys list': { options: [] },
  usage: { options: ['days', 'project', 'csv'] },
  'audit list': { options: ['limit'] },
} as const satisfies Readonly<Record<string, CommandForm>>;

export type Command = keyof typeof COMMANDS;

export type Options = ReturnType<typeof parse>['values'];

export interface CommandLine {
  readonly command: Command;
  readonly operands: readonly string[];
  readonly options: Options;
}

const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });

const isCommand = (text: string): text is Command => Object.hasOwn(COMMANDS, text);

/** The command and its options, or a UsageError that names what is wrong. */
export function parseCommandLine(args: readonly string[]): CommandLine | 'help' {
  const { values, positionals } = parseOrExplain(args);
  if (values.help || positionals.length === 0) return 'help';
  const [group = '', verb = ''] = positionals;
  // A group that is a command by itself has no verb.
  const words = isCommand(group) ? 1 : 2;
  const command = words === 1 ? group : `${group} ${verb}`.trim();
  if (!isCommand(command)) {
    throw new UsageError(`There is no command "${command}"; there are: ${Object.keys(COMMANDS).join(', ')}`);
  }
  const operands = positionals.slice(words);
  const { options, operands: wanted = [] }: CommandForm = COMMANDS[command];
  const known = new Set<string>([...options, ...OF_ALL]);
  const foreign = Object.keys(values).find((option) => !known.has(option));
  if (foreign !== undefined) throw new UsageError(`"${command}" takes no --${foreign}`);
  if (operands.length !== wanted.length) {
    throw new UsageError(
      wanted.length === 0
        ? `"${command}" takes no "${operands[0]}"`
        : `"${command}" takes ${wanted.map((operand) => `one ${operand}`).join(' and ')}`,
    );
  }
  if (values.json && values.csv) throw new UsageError('--json and --csv are two forms: give one of them');
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
