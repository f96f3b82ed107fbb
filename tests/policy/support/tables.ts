/**
 * Which table a call is about. In our code a table goes by one name from the entry to the call: `SESSIONS_TABLE` is
 * `config.sessionsTable`, `sessions` (or `sessionsTable`), and every parameter that takes it; code that serves any
 * table calls it `table`. That is what this reader relies on, so where it does not hold is a riddle.
 */
import type { Section } from './live-code.ts';

/** The parameter of code that serves any table. */
const ANY_TABLE = 'table';

const OPERATION_TABLE = /\b(\w+)\.tableName\b/g;
const ENTRY_TABLE = /\b(\w+) = \{ client[^{}]*?, tableName: config\d*\.(\w+) \}/g;
const FUNCTION = /\b(?:function (\w+)|(\w+) = (?:async )?)\(([\w, ]+)/g;

export interface Tables {
  /** The variables that name the tables of a call, whose text is `text`, in `section`. */
  of(text: string, section: Section): readonly string[];
  readonly riddles: readonly string[];
}

export function readTables(sections: readonly Section[]): Tables {
  const takers = takersOf(sections);
  return {
    of: (text, section) => [
      ...new Set(
        [...text.matchAll(OPERATION_TABLE)]
          .map(([, name = '']) => plain(name))
          .flatMap((name) => (name === ANY_TABLE ? givenTo(section, text, sections) : [name]))
          .map(variableOf),
      ),
    ],
    riddles: [...entryRiddles(sections), ...takers.flatMap((taker) => callRiddles(taker, sections))],
  };
}

// esbuild gives the second of two like names a number.
const plain = (name: string): string => name.replace(/\d+$/, '');

const kindOf = (name = ''): string => plain(name).replace(/(?<=.)Table$/, '');

const variableOf = (name: string): string =>
  `${kindOf(name)
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase()}_TABLE`;

/** The tables that are given to the function of `section` around `text`. */
function givenTo(section: Section, text: string, sections: readonly Section[]): string[] {
  // Twice the same words: whose they are cannot be told.
  if (section.text.split(text).length > 2) return [];
  const before = section.text.slice(0, section.text.indexOf(text));
  const [, name = '', assigned = ''] = [...before.matchAll(FUNCTION)].at(-1) ?? [];
  return callsOf(name || assigned, sections).map(([table = '']) => table);
}

interface Taker {
  readonly name: string;
  readonly tables: readonly string[];
}

/** The functions that take tables, which are their first parameters. */
function takersOf(sections: readonly Section[]): Taker[] {
  const known = new Set(
    sections.flatMap(({ text }) => [...text.matchAll(OPERATION_TABLE)].map(([, name = '']) => plain(name))),
  );
  return sections
    .flatMap(({ text }) => [...text.matchAll(FUNCTION)])
    .flatMap(([, name, assigned = '', parameters = '']) => {
      const names = parameters.split(', ').map(plain);
      const firstOther = names.findIndex((each) => !known.has(each));
      const tables = firstOther === -1 ? names : names.slice(0, firstOther);
      return tables.length === 0 ? [] : [{ name: name ?? assigned, tables }];
    });
}

/** The first arguments of every call of `name`. */
const callsOf = (name: string, sections: readonly Section[]): string[][] =>
  sections.flatMap(({ text }) =>
    [...text.matchAll(new RegExp(`(?<!function )(?<![\\w.$])${name}\\(([\\w, ]*)`, 'g'))].map(
      ([, given = '']) => given.split(', ').map(plain),
    ),
  );

const callRiddles = ({ name, tables }: Taker, sections: readonly Section[]): string[] =>
  callsOf(name, sections)
    .filter(
      (given) =>
        !tables.every((table, index) => table === ANY_TABLE || kindOf(table) === kindOf(given[index])),
    )
    .map((given) => `${name} takes ${tables.join(', ')} and is given ${given.join(', ')}`);

function entryRiddles(sections: readonly Section[]): string[] {
  return sections.flatMap(({ file, text }) => {
    const found = [...text.matchAll(ENTRY_TABLE)];
    const isOdd = found.length < text.split('tableName:').length - 1;
    return [
      ...found
        .filter(([, name = '', field = '']) => kindOf(name) !== kindOf(field))
        .map(([, name, field]) => `${file} calls the table of ${field} ${name}`),
      ...(isOdd
        ? [`${file} makes a table otherwise than as name = { client, tableName: config.nameTable }`]
        : []),
    ];
  });
}
