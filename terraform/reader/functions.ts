import {
  elementsOf,
  isEqual,
  isList,
  isMap,
  isSet,
  Members,
  sortedEntries,
  toSet,
  toTexts,
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

/** What a person sees as a character: Terraform counts those. */
const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

// As Go writes JSON: fit for HTML as well.
const ESCAPED = /[<>&\u2028\u2029]/g;
const escapeCharacter = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Not by way of an object, which would have keys that are numbers before all others. */
function encode(value: Value): string {
  if (isList(value) || isSet(value)) return `[${[...value].map(encode).join(',')}]`;
  if (isMap(value)) {
    return `{${sortedEntries(value).map(([key, item]) => `${encode(key)}:${encode(item)}`)}}`;
  }
  if (value instanceof Members) throw new ArgumentFault('a value that can be written is expected');
  return JSON.stringify(value).replace(ESCAPED, escapeCharacter);
}

/** The functions that the platform's facts need. Another one is a fault until it is written here. */
export const FUNCTIONS: Readonly<Record<string, TerraformFunction>> = {
  concat: (...lists) => lists.flatMap(list),
  contains: (values, wanted) => list(values).some((value) => isEqual(value, wanted ?? null)),
  flatten: (value) => flatten(list(value)),
  join: (separator, ...lists) => lists.flatMap(list).map(text).join(text(separator)),
  jsondecode: (source) => JSON.parse(text(source)) as Value,
  jsonencode: (value) => encode(value ?? null),
  keys: (value) => sortedEntries(map(value)).map(([key]) => key),
  length: (value) => {
    if (typeof value === 'string') return [...CHARACTERS.segment(value)].length;
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
  range: (limit, ...more) => {
    if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0 || more.length > 0) {
      throw new ArgumentFault('one whole number is expected');
    }
    return Array.from({ length: limit }, (_, index) => index);
  },
  replace: (value, part, by) => {
    if (/^\/.*\/$/.test(text(part))) throw new ArgumentFault('a plain text is expected, no pattern');
    return text(value).replaceAll(text(part), () => text(by));
  },
  sensitive: (value) => value ?? null,
  startswith: (value, start) => text(value).startsWith(text(start)),
  tolist: (values) => toTexts(list(values)),
  tomap: (value) => {
    const entries = sortedEntries(map(value));
    const items = toTexts(entries.map(([, item]) => item));
    return Object.fromEntries(entries.map(([key], index) => [key, items[index] ?? null]));
  },
  toset: (values) => toSet(toTexts(list(values))),
  tostring: (value) => (value === null ? null : text(value)),
  values: (value) => sortedEntries(map(value)).map(([, item]) => item),
};
