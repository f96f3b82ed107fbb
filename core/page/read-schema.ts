import { isObject } from '../domain/is-object.ts';

/** What a schema asks for and this does not do, or what is no schema; the sentence names the place in it. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
}

const MAX_DEPTH = 10;
const MAX_PARTS = 500;
const MAX_CHOICES = 100;
const TYPES: ReadonlySet<unknown> = new Set([
  'object',
  'array',
  'string',
  'number',
  'integer',
  'boolean',
  'null',
]);
/** What says something of a value without changing it. */
const NOTES: ReadonlySet<string> = new Set([
  ...['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'deprecated', 'format'],
  'additionalProperties',
]);

interface Place {
  readonly path: string;
  readonly depth: number;
  /** How many parts of the schema were seen. */
  readonly seen: { parts: number };
}

/**
 * A client's schema, if it is one that `shapeBySchema` follows: objects, lists, texts, numbers and truths, by `type`,
 * `properties`, `required`, `items` and `enum`. Throws a SchemaError that names the place of what is not.
 */
export function readSchema(schema: unknown): Schema {
  visit(schema, { path: 'body/schema', depth: 0, seen: { parts: 0 } });
  const { type = 'object' } = schema as Schema;
  if (type !== 'object') throw new SchemaError('body/schema/type must be object');
  return schema as Schema;
}

function visit(node: unknown, place: Place): void {
  const { path, depth, seen } = place;
  seen.parts += 1;
  if (depth > MAX_DEPTH) throw new SchemaError(`${path} is nested more than ${MAX_DEPTH} deep`);
  if (seen.parts > MAX_PARTS) throw new SchemaError(`body/schema must have at most ${MAX_PARTS} parts`);
  if (!isObject(node)) throw new SchemaError(`${path} must be an object`);
  for (const [keyword, value] of Object.entries(node)) {
    const at = `${path}/${keyword}`;
    if (NOTES.has(keyword)) continue;
    if (!Object.hasOwn(KEYWORDS, keyword)) throw new SchemaError(`${at} is not followed here`);
    KEYWORDS[keyword as keyof typeof KEYWORDS](value, { path: at, depth: depth + 1, seen });
  }
}

const KEYWORDS = {
  items: visit,
  properties(value: unknown, place: Place): void {
    if (!isObject(value)) throw new SchemaError(`${place.path} must be an object`);
    for (const [name, child] of Object.entries(value))
      visit(child, { ...place, path: `${place.path}/${name}` });
  },
  type(value: unknown, { path }: Place): void {
    if (!TYPES.has(value)) throw new SchemaError(`${path} must be one of ${[...TYPES].join(', ')}`);
  },
  required(value: unknown, { path }: Place): void {
    if (!Array.isArray(value) || value.some((name) => typeof name !== 'string'))
      throw new SchemaError(`${path} must be a list of names`);
  },
  enum(value: unknown, { path }: Place): void {
    if (!Array.isArray(value) || value.length > MAX_CHOICES)
      throw new SchemaError(`${path} must be a list of at most ${MAX_CHOICES} values`);
  },
};
