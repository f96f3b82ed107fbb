/** Calls of DynamoDB: with the table that each is about, and its index. */
import { TRANSACTION_ITEMS } from './actions.ts';
import { eachInBrackets } from './brackets.ts';
import type { Section } from './live-code.ts';
import type { ActionNeed, Found, Use } from './needs.ts';
import type { Tables } from './tables.ts';

export const DYNAMODB = '@aws-sdk/lib-dynamodb';

const INDEX = /\bIndexName: ("([^"]+)"|[^,\n]+)/;
const TRANSACTION = /^Transact(Write|Get)Command$/;

interface Reading {
  readonly action: string;
  readonly because: string;
  readonly tables: Tables;
  readonly sections: readonly Section[];
}

export function readDynamoCalls(use: Use, reading: Reading): Found {
  if (TRANSACTION.test(use.name)) return transactionNeeds(use, reading);
  if (use.calls.length === 0)
    return { actions: [], riddles: [`${use.section.file} uses ${use.name} otherwise than by a call`] };
  const found = use.calls.map((call) => callNeeds(call, use.section, reading));
  return {
    actions: found.flatMap(({ actions }) => actions),
    riddles: found.flatMap(({ riddles }) => riddles),
  };
}

function callNeeds(call: string, section: Section, { action, because, tables }: Reading): Found {
  const [index, , indexName] = INDEX.exec(call) ?? [];
  const variables = tables.of(call, section);
  if (variables.length === 0) return { actions: [], riddles: [`${because}: its table is not to be seen`] };
  if (index !== undefined && indexName === undefined)
    return { actions: [], riddles: [`it queries an index that it works out: ${index}`] };
  const below = indexName === undefined ? '' : `/index/${indexName}`;
  return { actions: variables.map((name) => ({ action, on: `${name}${below}`, because })), riddles: [] };
}

/** A transaction needs the rights of the writes in it, which are literals somewhere in the bundle. */
function transactionNeeds({ name, section }: Use, { because, tables, sections }: Reading): Found {
  const actions = sections.flatMap((each) =>
    Object.entries(TRANSACTION_ITEMS).flatMap(([item, action]) =>
      eachInBrackets(each.text, new RegExp(`\\b${item}: \\{`, 'g')).flatMap((text): ActionNeed[] =>
        tables.of(text, each).map((on) => ({ action, on, because })),
      ),
    ),
  );
  const isDark = actions.length === 0;
  return {
    actions,
    riddles: isDark ? [`${section.file} uses ${name}, and there is no item of it to be seen`] : [],
  };
}
