/** What the values of options may be. */

import { UNPRINTABLE } from './printable.ts';
import { UsageError } from './refusal.ts';

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

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

/** How many rows a list has at most. */
export const limitOption = (raw: string | undefined): number =>
  integerOption('limit', raw, { fallback: DEFAULT_LIMIT, min: 1, max: MAX_LIMIT });

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const MAX_DURATION_MS = 90 * 86_400_000;

/** A time such as 30m, 24h or 7d, in ms. */
export function durationOption(name: string, raw: string): number {
  const [, digits, unit = ''] = /^(\d{1,6})([mhd])$/.exec(raw) ?? (raw === '0' ? [raw, '0', 'm'] : []);
  const value = digits === undefined ? Number.NaN : Number(digits) * (UNITS_MS[unit] ?? Number.NaN);
  if (Number.isNaN(value) || value > MAX_DURATION_MS)
    throw new UsageError(`--${name} must be a time such as 30m, 24h or 7d, from 0 to 90d`);
  return value;
}

const MAX_NAME_CHARACTERS = 128;

/** A name for people: present, printable and of bounded length. */
export function nameOption(name: string, raw: string | undefined): string {
  const value = raw?.trim() ?? '';
  if (value === '' || value.length > MAX_NAME_CHARACTERS || UNPRINTABLE.test(value)) {
    throw new UsageError(`--${name} must be a text of 1 to ${MAX_NAME_CHARACTERS} printable characters`);
  }
  return value;
}

// Ids stand in object keys, in a comma-separated list and in headers.
const PROJECT_ID_FORM = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const isProjectId = (text: string): boolean => PROJECT_ID_FORM.test(text);

/** The operand of a command on one project. */
export function requireProjectId(text: string): string {
  if (!isProjectId(text)) throw new UsageError('PROJECT-ID is the id in "projects list"');
  return text;
}

/** The projects that a list is narrowed to; undefined for all. */
export function projectsOption(raw: readonly string[] | undefined): readonly string[] | undefined {
  if (raw === undefined) return undefined;
  const foreign = raw.find((each) => !isProjectId(each));
  if (foreign !== undefined) throw new UsageError('--project must be an id in "projects list"');
  return [...new Set(raw)];
}
