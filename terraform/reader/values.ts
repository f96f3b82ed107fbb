/** Values of Terraform's language. A set is a `Set`, in order; null is an argument that is left out. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | ReadonlySet<Value>
  | Members
  | { readonly [name: string]: Value };

/** A module, a resource, `var`, `local`: what has members that are worked out when they are asked for. */
export class Members {
  readonly get: (name: string, at: string) => Value;
  constructor(get: (name: string, at: string) => Value) {
    this.get = get;
  }
}

export type ValueMap = { readonly [name: string]: Value };

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isSet = (value: Value): value is ReadonlySet<Value> => value instanceof Set;
export const isMap = (value: Value): value is ValueMap =>
  typeof value === 'object' &&
  value !== null &&
  !isList(value) &&
  !isSet(value) &&
  !(value instanceof Members);

/** Keys and values in Terraform's order: maps and sets by name, lists by position. undefined: this has no elements. */
export function elementsOf(value: Value): readonly (readonly [key: Value, value: Value])[] | undefined {
  if (isList(value)) return value.map((item, index) => [index, item]);
  if (isSet(value)) return [...value].map((item) => [item, item]);
  if (isMap(value)) return sortedEntries(value);
  return undefined;
}

export const sortedEntries = (map: ValueMap): [string, Value][] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

/** Numbers by size, everything else by its text. */
const compare = (a: Value, b: Value): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
};

export const toSet = (values: readonly Value[]): ReadonlySet<Value> => new Set(values.toSorted(compare));

/** Elements of one type, as a list, a map or a set has them: beside a text, numbers and truths are texts. */
export const toTexts = (values: readonly Value[]): readonly Value[] =>
  values.some((value) => typeof value === 'string')
    ? values.map((value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value))
    : values;

/** As JSON has it, keys sorted as Terraform sorts them. undefined: there is no such JSON. */
export function toJson(value: Value): unknown {
  if (value instanceof Members) return undefined;
  if (isList(value)) return value.map(toJson);
  if (isSet(value)) return [...value].map(toJson);
  if (isMap(value)) return Object.fromEntries(sortedEntries(value).map(([key, item]) => [key, toJson(item)]));
  return value;
}

export const isEqual = (a: Value, b: Value): boolean =>
  isSet(a) === isSet(b) && JSON.stringify(toJson(a)) === JSON.stringify(toJson(b));
