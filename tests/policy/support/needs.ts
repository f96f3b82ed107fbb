/** What a function asks of AWS and of its environment, read from its live code. */
import { IMPLIED_ACTIONS, SDK_HELPERS, SERVICES } from './actions.ts';
import { eachInBrackets } from './brackets.ts';
import { DYNAMODB, readDynamoCalls } from './dynamo-calls.ts';
import { type LiveCode, type NamedImport, type Section, WHOLE } from './live-code.ts';
import { readTables, type Tables } from './tables.ts';
import { type VariableNeed, variableRiddles, variablesOf } from './variables.ts';

/** An action of IAM, and for the reader who wants it where. */
export interface ActionNeed {
  readonly action: string;
  /** The variable that names the table, and the index of it: `SESSIONS_TABLE/index/by-name`. Only DynamoDB's have one. */
  readonly on?: string;
  readonly because: string;
}

export interface Needs {
  readonly entry: string;
  readonly actions: readonly ActionNeed[];
  readonly variables: readonly VariableNeed[];
  /** What this reader does not understand; each is a fault. */
  readonly riddles: readonly string[];
}

const LATE_IMPORT = /\b(?:import|require)\("@aws-sdk\//;

/** Calls of one thing that a section imports. */
export interface Use extends NamedImport {
  readonly section: Section;
  /** What is handed to each call. */
  readonly calls: readonly string[];
}

export type Found = Pick<Needs, 'actions' | 'riddles'>;

export function readNeeds({ entry, sections, imports }: LiveCode): Needs {
  const tables = readTables(sections);
  const found = imports
    .filter(({ from }) => from.startsWith('@aws-sdk/'))
    .flatMap((each) =>
      sections.filter(({ text }) => uses(text, each.alias)).map((section) => useOf(each, section)),
    )
    .map((use) => needsOf(use, tables, sections));
  return {
    entry,
    actions: found.flatMap(({ actions }) => actions).flatMap(withImplied),
    variables: sections.flatMap(variablesOf),
    riddles: [
      ...found.flatMap(({ riddles }) => riddles),
      ...tables.riddles,
      ...sections.flatMap(variableRiddles),
      ...sections.flatMap(({ file, text }) =>
        LATE_IMPORT.test(text) ? [`${file} imports the SDK otherwise than by name`] : [],
      ),
    ],
  };
}

const uses = (text: string, name: string): boolean => new RegExp(`(?<![\\w.$])${name}\\b`).test(text);

const useOf = (named: NamedImport, section: Section): Use => ({
  ...named,
  section,
  calls: eachInBrackets(section.text, new RegExp(`(?<![\\w.$])${named.alias}\\(`, 'g')),
});

function needsOf(use: Use, tables: Tables, sections: readonly Section[]): Found {
  const { from, name, section } = use;
  const riddle = (text: string): Found => ({ actions: [], riddles: [text] });
  if (SDK_HELPERS.test(name)) return { actions: [], riddles: [] };
  if (name === WHOLE) return riddle(`${section.file} imports ${from} otherwise than by name`);
  const service = SERVICES[from];
  const call = /^(\w+)Command$/.exec(name)?.[1] ?? /^paginate(\w+)$/.exec(name)?.[1];
  if (service === undefined || call === undefined) {
    return riddle(`${section.file} uses ${name} of ${from}, and this test does not know what that asks for`);
  }
  const because = `${name} in ${section.file}`;
  const action = service.actions[call] ?? `${service.prefix}:${call}`;
  if (from === DYNAMODB) return readDynamoCalls(use, { action, because, tables, sections });
  return { actions: [{ action, because }], riddles: [] };
}

const withImplied = (need: ActionNeed): ActionNeed[] => [
  need,
  ...(IMPLIED_ACTIONS[need.action] ?? []).map(({ action, because }) => ({
    action,
    because: `${need.because}, ${because}`,
  })),
];
