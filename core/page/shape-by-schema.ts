import { isObject } from '../domain/is-object.ts';
import { type Schema, SchemaError } from './read-schema.ts';

/** What the schema requires and the page does not declare. */
export class MissingDataError extends Error {
  override readonly name = 'MissingDataError';
}

/** Where a schema's properties are looked for, by their names. */
export interface DataSource {
  /** Undefined where nothing of that name is declared. */
  find(name: string): unknown;
}

/** Many names of a schema may mean the same large thing. */
const MAX_SHAPED_CHARACTERS = 2_000_000;
// JSON may nest as deep as it is long.
const MAX_SHAPED_DEPTH = 50;

/**
 * The object that a schema describes, of what is declared. What is not required and not there is left out. Throws a
 * MissingDataError, or a SchemaError where that would be too much.
 */
export function shapeBySchema(schema: Schema, source: DataSource): Record<string, unknown> {
  return shapeObject(schema, source, { path: '', depth: 0, budget: { characters: MAX_SHAPED_CHARACTERS } });
}

interface Place {
  readonly path: string;
  readonly depth: number;
  /** What is left of it, for everything. */
  readonly budget: { characters: number };
}

function below({ path, depth, budget }: Place, name: string | number): Place {
  if (depth >= MAX_SHAPED_DEPTH)
    throw new SchemaError(`body/schema asks for data that is nested more than ${MAX_SHAPED_DEPTH} deep`);
  return { path: `${path}/${name}`, depth: depth + 1, budget };
}

function spend({ path, budget }: Place, characters: number): void {
  budget.characters -= characters;
  if (budget.characters < 0)
    throw new SchemaError(`body/schema asks for more than ${MAX_SHAPED_CHARACTERS} characters, at ${path}`);
}

function shapeObject(schema: Schema, source: DataSource, place: Place): Record<string, unknown> {
  const entries = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const value = shape(child, source.find(name), below(place, name));
    return value === undefined ? [] : [[name, value] as const];
  });
  const shaped = Object.fromEntries(entries);
  const missing = (schema.required ?? []).find((name) => !Object.hasOwn(shaped, name));
  if (missing !== undefined) throw new MissingDataError(`${place.path}/${missing}`);
  return shaped;
}

/** Undefined for what does not fit. */
function shape(schema: Schema, value: unknown, place: Place): unknown {
  if (value === undefined) return undefined;
  const { type = typeOf(schema, value) } = schema;
  const found = type === 'array' || !Array.isArray(value) ? value : value[0];
  const shaped = SHAPES[type]?.(schema, found, place);
  spend(place, typeof shaped === 'string' ? shaped.length : 1);
  const isOffered = schema.enum === undefined || schema.enum.includes(shaped);
  return isOffered ? shaped : undefined;
}

const typeOf = ({ properties, items }: Schema, value: unknown): string => {
  if (properties !== undefined) return 'object';
  if (items !== undefined || Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value;
};

const SHAPES: Readonly<Record<string, (schema: Schema, value: unknown, place: Place) => unknown>> = {
  object: (schema, value, place) => {
    if (!isObject(value)) return undefined;
    // Without properties: all of it.
    if (schema.properties === undefined && schema.required === undefined) return copy(value, place);
    return shapeObject(schema, { find: (name) => findByName(value, name) }, place);
  },
  array: ({ items = {} }, value, place) => {
    const values = Array.isArray(value) ? value : [value];
    return values.flatMap((each, index) => {
      const shaped = shape(items, each, below(place, index));
      return shaped === undefined ? [] : [shaped];
    });
  },
  string: (_schema, value) => textOf(value),
  number: (_schema, value) => numberOf(value),
  integer: (_schema, value) => {
    const number = numberOf(value);
    return Number.isInteger(number) ? number : undefined;
  },
  boolean: (_schema, value) =>
    typeof value === 'boolean' ? value : { true: true, false: false }[String(value)],
  null: (_schema, value) => (value === null ? null : undefined),
};

const copy = (value: Record<string, unknown>, place: Place): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      spend(place, name.length);
      return [name, shape({}, each, below(place, name))];
    }),
  );

/** An object stands for its name or its value, as schema.org has it. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isObject(value)) return undefined;
  const inner = ['@value', 'name', 'url', '@id', 'href', 'text'].map((key) => value[key]);
  return inner.find((each) => typeof each === 'string') as string | undefined;
}

/** `1,299.50 €` too: the first number in a text, commas between thousands. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 100) return undefined;
  const digits = /-?\d[\d,]*(?:\.\d+)?/.exec(value)?.[0];
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
}

/** Of each object that was looked into: its keys by their plain names, the first of each. */
const keysOf = new WeakMap<object, ReadonlyMap<string, string>>();

/** Of an object's own properties the one of that name, whatever its case and what stands between its words. */
export function findByName(value: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(value, name)) return value[name];
  let keys = keysOf.get(value);
  if (keys === undefined) {
    keys = new Map(
      Object.keys(value)
        .toReversed()
        .map((key) => [plain(key), key]),
    );
    keysOf.set(value, keys);
  }
  const key = keys.get(plain(name));
  return key === undefined ? undefined : value[key];
}

/** A name's letters and digits alone: `og:image`, `ogImage` and `OG_IMAGE` are one. */
export const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
