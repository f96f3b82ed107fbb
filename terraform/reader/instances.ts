import { evaluate, type Scope } from './evaluate.ts';
import { type Block, TerraformFault } from './expression.ts';
import { elementsOf, isMap, isSet, type Value } from './values.ts';

/** The key of the instance of a block without for_each and count. */
export const ONE = Symbol('one');
/** By key, and whether those keys are of for_each: without instances there would be nothing to tell it by. */
export interface Instances<T> extends ReadonlyMap<Value | typeof ONE, T> {
  readonly isKeyed?: true;
}

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
  const instances = elements.map(([key, value]): [Value, T] => [
    key,
    create((name) => (name === 'each' ? { key, value } : scope(name)), `["${String(key)}"]`),
  ]);
  return Object.assign(new Map<Value | typeof ONE, T>(instances), { isKeyed: true } as const);
}

/** What a reference to a block means: the one instance, a list of them, or a map. */
export function toValue<T>(instances: Instances<T>, read: (instance: T) => Value): Value {
  const only = instances.get(ONE);
  if (only !== undefined) return read(only);
  const entries = [...instances].map(([key, instance]) => [key, read(instance)] as const);
  if (!instances.isKeyed) return entries.map(([, value]) => value);
  return Object.fromEntries(entries.map(([key, value]) => [String(key), value]));
}
