import { evaluate, type Scope } from './evaluate.ts';
import { type Block, TerraformFault } from './expression.ts';
import { elementsOf, isMap, isSet, type Value } from './values.ts';

/** The key of the instance of a block without for_each and count. */
export const ONE = Symbol('one');
export type Instances<T> = ReadonlyMap<Value | typeof ONE, T>;

/** The instances that for_each or count make of a block. */
export function instancesOf<T>(
  block: Block,
  scope: Scope,
  create: (scope: Scope, suffix: string) => T,
): Instances<T> {
  const forEach = block.body.attributes.get('for_each')?.();
  const count = block.body.attributes.get('count')?.();
  if (count !== undefined) {
    const length = evaluate(count, scope);
    if (typeof length !== 'number') throw new TerraformFault(count.at, 'count is no number');
    return new Map(
      Array.from({ length }, (_, index) => [
        index,
        create((name) => (name === 'count' ? { index } : scope(name)), `[${index}]`),
      ]),
    );
  }
  if (forEach === undefined) return new Map([[ONE, create(scope, '')]]);
  const over = evaluate(forEach, scope);
  const elements = isMap(over) || isSet(over) ? elementsOf(over) : undefined;
  if (elements === undefined) throw new TerraformFault(forEach.at, 'for_each is neither a map nor a set');
  return new Map(
    elements.map(([key, value]) => [
      key,
      create((name) => (name === 'each' ? { key, value } : scope(name)), `["${String(key)}"]`),
    ]),
  );
}

/** What a reference to a block means: the one instance, a list of them, or a map. */
export function toValue<T>(instances: Instances<T>, read: (instance: T) => Value): Value {
  const only = instances.get(ONE);
  if (only !== undefined) return read(only);
  const entries = [...instances].map(([key, instance]) => [key, read(instance)] as const);
  if (entries.every(([key]) => typeof key === 'number')) return entries.map(([, value]) => value);
  return Object.fromEntries(entries.map(([key, value]) => [String(key), value]));
}
