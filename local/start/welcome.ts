import type { Machine } from './start-machine.ts';

/** What a person needs to begin: lines to paste, and what to run then. The last line is the one that scripts wait for. */
export const describeMachine = ({ url, apiKey }: Pick<Machine, 'url' | 'apiKey'>): string => `
export BROWSERBASE_BASE_URL=${quoteForShell(url)}
export BROWSERBASE_API_KEY=${quoteForShell(apiKey)}

Paste these two lines into another terminal, and then: node examples/quickstart.mjs

ready ${url}`;

/** The last line of all. */
export const describeStop = (sessions: number): string =>
  `stopped, ${sessions === 1 ? '1 session' : `${sessions} sessions`} ended`;

/** A key that somebody chose may hold any printable character. */
const quoteForShell = (text: string): string =>
  /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
