import { TerraformFault } from './expression.ts';
import { Members, type Value } from './values.ts';

/** `make` for each key once. */
export function memoise<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const value = made.has(key) ? (made.get(key) as T) : make(key);
    made.set(key, value);
    return value;
  };
}

/** Members that are worked out once, and that do not need themselves. */
export function workedOutOnce(work: (name: string, at: string) => Value): Members {
  const values = new Map<string, Value>();
  const underWay = new Set<string>();
  return new Members((name, at) => {
    const known = values.get(name);
    if (known !== undefined) return known;
    if (underWay.has(name)) throw new TerraformFault(at, `${name} needs itself`);
    underWay.add(name);
    try {
      const value = work(name, at);
      values.set(name, value);
      return value;
    } finally {
      underWay.delete(name);
    }
  });
}
