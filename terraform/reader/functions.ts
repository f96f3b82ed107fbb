import {
  elementsOf,
  isList,
  isMap,
  isSet,
  sortedEntries,
  toJson,
  toSet,
  type Value,
  type ValueMap,
} from './values.ts';

/** An argument that Terraform would not take either. */
class ArgumentFault extends Error {
  override readonly name = 'ArgumentFault';
}

type TerraformFunction = (...args: readonly Value[]) => Value;

const list = (value: Value | undefined): readonly Value[] => {
  if (value !== undefined && isList(value)) return value;
  if (value !== undefined && isSet(value)) return [...value];
  throw new ArgumentFault('a list is expected');
};
const map = (value: Value | undefined): ValueMap => {
  if (value !== undefined && isMap(value)) return value;
  throw new ArgumentFault('a map is expected');
};
const text = (value: Value | undefined): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ArgumentFault('a text is expected');
};

const flatten = (value: Value): readonly Value[] =>
  isList(value) || isSet(value) ? list(value).flatMap(flatten) : [value];

/** The functions that the platform's facts need. Another one is a fault until it is written here. */
export const FUNCTIONS: Readonly<Record<string, TerraformFunction>> = {
  concat: (...lists) => lists.flatMap(list),
  contains: (values, wanted) => list(values).includes(wanted ?? null),
  flatten: (value) => flatten(list(value)),
  join: (separator, values) => list(values).map(text).join(text(separator)),
  jsondecode: (source) => JSON.parse(text(source)) as Value,
  jsonencode: (value) => JSON.stringify(toJson(value ?? null)),
  keys: (value) => sortedEntries(map(value)).map(([key]) => key),
  length: (value) => {
    if (typeof value === 'string') return value.length;
    const elements = elementsOf(value ?? null);
    if (elements === undefined) throw new ArgumentFault('a list, a map or a text is expected');
    return elements.length;
  },
  merge: (...maps) => Object.assign({}, ...maps.filter((each) => each !== null).map(map)),
  one: (values) => {
    const [only = null, ...others] = list(values);
    if (others.length > 0) throw new ArgumentFault('one element at the most is expected');
    return only;
  },
  range: (limit) => {
    if (typeof limit !== 'number') throw new ArgumentFault('a number is expected');
    return Array.from({ length: limit }, (_, index) => index);
  },
  replace: (value, part, by) => {
    if (/^\/.*\/$/.test(text(part))) throw new ArgumentFault('a plain text is expected, no pattern');
    return text(value).replaceAll(text(part), text(by));
  },
  sensitive: (value) => value ?? null,
  tolist: list,
  tomap: map,
  toset: (values) => toSet(list(values)),
  tostring: (value) => (value === null ? null : text(value)),
  values: (value) => sortedEntries(map(value)).map(([, item]) => item),
};
