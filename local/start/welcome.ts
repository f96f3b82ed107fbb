import type { Machine } from './start-machine.ts';

/** Where the API key is read, where it is not printed: its file, or the environment that it came by. */
export type KeptKey = { readonly keyFile: string } | 'environment';

/**
 * What a person needs to begin: lines to paste, and what to run then. The last line is the one that scripts wait for. `kept`: it
 * is no terminal that reads this but a journal or another log, which more people read than the key is for.
 */
export const describeMachine = ({ url, apiKey }: Pick<Machine, 'url' | 'apiKey'>, kept?: KeptKey): string => `
export BROWSERBASE_BASE_URL=${quoteForShell(url)}
${kept === undefined ? `export BROWSERBASE_API_KEY=${quoteForShell(apiKey)}` : keyLineOf(kept)}

Paste these two lines into another terminal, and then: node examples/quickstart.mjs

ready ${url}`;

const keyLineOf = (kept: KeptKey): string =>
  kept === 'environment'
    ? '# and BROWSERBASE_API_KEY, which is what WALLCRAWLER_API_KEY is here: a log is no place for it'
    : `export BROWSERBASE_API_KEY="$(cat ${quoteForShell(kept.keyFile)})"`;

/** The last line of all. */
export const describeStop = (sessions: number): string =>
  `stopped, ${sessions === 1 ? '1 session' : `${sessions} sessions`} ended`;

/** A key that somebody chose may hold any printable character. */
const quoteForShell = (text: string): string =>
  /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
