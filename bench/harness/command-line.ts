import { parseArgs } from 'node:util';

export interface Command {
  /** All of the default run when none is named. */
  readonly parts: readonly string[];
  readonly check: boolean;
  readonly json: boolean;
  readonly write: boolean;
  /** Times the usual number of rounds. */
  readonly effort: number;
  /** No part begins a round after so long. */
  readonly limitMs: number;
}

const SECOND_MS = 1000;
const OPTIONS = {
  check: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  effort: { type: 'string', default: '1' },
  'limit-seconds': { type: 'string', default: '120' },
} as const;

const positive = (name: string, text: string): number => {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`--${name} is a number above 0, not ${text}`);
};

export function readCommand(args: readonly string[], known: readonly string[]): Command {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const unknown = positionals.find((part) => !known.includes(part));
  if (unknown !== undefined)
    throw new Error(`There is no bench of ${unknown}: there are ${known.join(', ')}`);
  const { check, json, write, effort, 'limit-seconds': limitSeconds } = values;
  return {
    parts: positionals,
    check,
    json,
    write,
    effort: positive('effort', effort),
    limitMs: positive('limit-seconds', limitSeconds) * SECOND_MS,
  };
}
