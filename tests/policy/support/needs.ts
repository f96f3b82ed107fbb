/** What a function asks of AWS and of its environment, read from its live code. */
import { IMPLIED_ACTIONS, SDK_HELPERS, SERVICES, TRANSACTION_ITEMS } from './actions.ts';
import { type LiveCode, type NamedImport, type Section, WHOLE } from './live-code.ts';

/** An action of IAM, and for the reader who wants it where. */
export interface ActionNeed {
  readonly action: string;
  readonly because: string;
}

export interface VariableNeed {
  readonly name: string;
  readonly isOptional: boolean;
}

export interface Needs {
  readonly entry: string;
  readonly actions: readonly ActionNeed[];
  /** Indexes of tables that are queried. */
  readonly indexes: readonly string[];
  readonly variables: readonly VariableNeed[];
  /** What this reader does not understand; each is a fault. */
  readonly riddles: readonly string[];
}

const READ_CONFIG = /\breadConfig\d*\(process\.env, \{/;
const VARIABLE = /\[\s*"([A-Z][A-Z0-9_]*)",\s*(optional\d*\()?/g;
const LATE_IMPORT = /\b(?:import|require)\("@aws-sdk\//;
const INDEX = /\bIndexName: ("([^"]+)"|[^,\n]+)/g;
const TRANSACTION_ITEM = /\b(Put|Update|Delete|ConditionCheck|Get): \{/g;

export function readNeeds({ entry, sections, imports }: LiveCode): Needs {
  const calls = imports
    .filter(({ from }) => from.startsWith('@aws-sdk/'))
    .flatMap((each) =>
      sections.filter(({ text }) => uses(text, each.alias)).map((section) => ({ ...each, section })),
    );
  const found = calls.map(({ section, ...each }) => needOf(each, section, sections));
  const indexes = sections.flatMap(({ text }) => [...text.matchAll(INDEX)]);
  return {
    entry,
    actions: found.flatMap(({ actions }) => actions),
    indexes: indexes.flatMap(([, , name]) => (name === undefined ? [] : [name])),
    variables: sections.flatMap(({ text }) => variablesOf(text)),
    riddles: [
      ...found.flatMap(({ riddles }) => riddles),
      ...indexes.flatMap(([text, , name]) =>
        name === undefined ? [`it queries an index that it works out: ${text}`] : [],
      ),
      ...sections.flatMap(({ file, text }) => environmentRiddles(file, text)),
      ...sections.flatMap(({ file, text }) =>
        LATE_IMPORT.test(text) ? [`${file} imports the SDK otherwise than by name`] : [],
      ),
    ],
  };
}

const uses = (text: string, name: string): boolean => new RegExp(`(?<![\\w.$])${name}\\b`).test(text);

function needOf({ from, name }: NamedImport, { file }: Section, sections: readonly Section[]) {
  const service = SERVICES[from];
  const isHelper = SDK_HELPERS.test(name);
  const call = /^(\w+)Command$/.exec(name)?.[1] ?? /^paginate(\w+)$/.exec(name)?.[1];
  if (isHelper) return { actions: [], riddles: [] };
  if (name === WHOLE) return { actions: [], riddles: [`${file} imports ${from} otherwise than by name`] };
  if (service === undefined || call === undefined) {
    return {
      actions: [],
      riddles: [`${file} uses ${name} of ${from}, and this test does not know what that asks for`],
    };
  }
  const items = call === 'TransactWrite' || call === 'TransactGet' ? transactionItems(sections) : undefined;
  if (items?.length === 0)
    return { actions: [], riddles: [`${file} uses ${name}, and there is no item of it to be seen`] };
  const own = items ?? [service.actions[call] ?? `${service.prefix}:${call}`];
  const because = `${name} in ${file}`;
  return {
    actions: own.flatMap((action) => [
      { action, because },
      ...(IMPLIED_ACTIONS[action] ?? []).map((implied) => ({
        ...implied,
        because: `${because}, ${implied.because}`,
      })),
    ]),
    riddles: [],
  };
}

/** A transaction needs the rights of the writes in it, which are literals somewhere in the bundle. */
const transactionItems = (sections: readonly Section[]): string[] => [
  ...new Set(
    sections.flatMap(({ text }) =>
      [...text.matchAll(TRANSACTION_ITEM)].map(([, item = '']) => TRANSACTION_ITEMS[item] ?? ''),
    ),
  ),
];

function variablesOf(text: string): VariableNeed[] {
  const shape = READ_CONFIG.exec(text);
  if (shape === null) return [];
  const inside = text.slice(shape.index + shape[0].length, endOfBraces(text, shape.index + shape[0].length));
  return [...inside.matchAll(VARIABLE)].map(([, name = '', optional]) => ({
    name,
    isOptional: optional !== undefined,
  }));
}

/** Where the brace closes that is open at `start`. */
function endOfBraces(text: string, start: number): number {
  let depth = 1;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '{') depth += 1;
    if (text[index] === '}') depth -= 1;
    if (depth === 0) return index;
  }
  return text.length;
}

const environmentRiddles = (file: string, text: string): string[] =>
  text.split('process.env').length - 1 > (READ_CONFIG.test(text) ? 1 : 0)
    ? [`${file} reads process.env otherwise than by readConfig(process.env, { ... })`]
    : [];
