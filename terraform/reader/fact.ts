import { TerraformFault } from './expression.ts';
import type { NestedBlock, Resource } from './resource.ts';
import { isMap, toJson, type Value } from './values.ts';

/** Where a fact is read from, and what it is called in a fault. */
export type FactSource = Pick<Resource, 'address' | 'at' | 'get'>;

export const inBlock = ({ address, at }: Resource, { get }: NestedBlock): FactSource => ({
  address,
  at,
  get,
});

const fault = ({ address, at }: FactSource, what: string) => new TerraformFault(at, `${address}: ${what}`);

export function textFact(source: FactSource, name: string): string {
  const value = source.get(name);
  if (typeof value !== 'string') throw fault(source, `${name} is no text`);
  return value;
}

export function numberFact(source: FactSource, name: string, fallback?: number): number {
  const value = source.get(name) ?? fallback;
  if (typeof value !== 'number') throw fault(source, `${name} is no number`);
  return value;
}

export function listFact(source: FactSource, name: string): readonly string[] {
  const value = toJson(source.get(name));
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw fault(source, `${name} is no list of texts`);
  return value;
}

/** An argument that is JSON text, as a value. */
export function jsonFact<T>(source: FactSource, name: string): T {
  try {
    return JSON.parse(textFact(source, name)) as T;
  } catch (error) {
    if (error instanceof SyntaxError) throw fault(source, `${name} is no JSON`);
    throw error;
  }
}

/** A map of texts; numbers and truths become texts, as Terraform makes them. */
export function textsFact(source: FactSource, name: string): Record<string, string> {
  const value = source.get(name) ?? {};
  if (!isMap(value)) throw fault(source, `${name} is no map`);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (item === null || typeof item === 'object') throw fault(source, `${name}: ${key} is no text`);
      return [key, String(item)];
    }),
  );
}

/** An argument for which a machine does one thing only. */
export function requireFact(source: FactSource, name: string, only: Value): void {
  if (JSON.stringify(toJson(source.get(name))) === JSON.stringify(only)) return;
  throw fault(source, `one machine can only do ${name} = ${JSON.stringify(only)}`);
}
