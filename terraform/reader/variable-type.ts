import { evaluate } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { isList, isMap, sortedEntries, toSet, type Value } from './values.ts';

const NO_NAMES = (): undefined => undefined;

/** A value as its declared type makes it: attributes that were left out get their defaults. */
export function applyType(type: Expression | undefined, value: Value): Value {
  if (type === undefined || value === null) return value;
  if (type.kind === 'name') return primitive(type.name, value);
  const [of] = type.kind === 'call' ? type.args : [];
  if (type.kind !== 'call' || of === undefined) return value;
  const apply = APPLY[type.name];
  return apply === undefined ? value : apply(of, value);
}

/** By what the type is called; a value of another kind is Terraform's to refuse. */
const APPLY: Readonly<Record<string, (of: Expression, value: Value) => Value>> = {
  object: (of, value) => (of.kind === 'object' && isMap(value) ? applyAttributes(of, value) : value),
  map: (of, value) =>
    isMap(value)
      ? Object.fromEntries(sortedEntries(value).map(([key, item]) => [key, applyType(of, item)]))
      : value,
  list: (of, value) => (isList(value) ? value.map((item) => applyType(of, item)) : value),
  set: (of, value) => (isList(value) ? toSet(value.map((item) => applyType(of, item))) : value),
  tuple: (of, value) =>
    of.kind === 'list' && isList(value)
      ? value.map((item, index) => applyType(of.items[index], item))
      : value,
};

/** Texts, numbers and truths are turned into each other where that loses nothing. */
function primitive(type: string, value: Value): Value {
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  if (type === 'number' && typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)))
    return Number(value);
  if (type === 'bool' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

function applyAttributes(
  object: Expression & { kind: 'object' },
  value: { readonly [name: string]: Value },
): Value {
  return Object.fromEntries(
    object.entries.map(([key, type]) => {
      const name = String(evaluate(key, NO_NAMES));
      const isOptional = type.kind === 'call' && type.name === 'optional';
      const [inner, fallback] = isOptional ? type.args : [type];
      const given = value[name] ?? null;
      if (given !== null || fallback === undefined) return [name, applyType(inner, given)];
      return [name, applyType(inner, evaluate(fallback, NO_NAMES))];
    }),
  );
}
