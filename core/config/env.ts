/**
 * Configuration from environment variables, read once at the edge.
 *
 * A reader declares its variables; all faults are gathered into one ConfigError, and values are never printed,
 * because some of them are secrets.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`Configuration is not usable: ${faults.join('; ')}`);
    this.faults = faults;
  }
}

/** Turns the raw text of one variable into a value, or throws an Error that says what was expected. */
export type Parser<T> = (raw: string | undefined) => T;

const expected = (what: string): Error => new Error(what);

const present = (raw: string | undefined): string => {
  if (raw === undefined || raw === '') throw expected('is missing');
  return raw;
};

export const text = (): Parser<string> => present;

export const integer = ({ min, max }: { min: number; max: number }): Parser<number> => {
  return (raw) => {
    const digits = present(raw);
    // Number() takes 0x10, 1e3 and blanks as well.
    const value = /^-?\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
    if (Number.isNaN(value) || value < min || value > max) {
      throw expected(`must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
};

export const boolean = (): Parser<boolean> => (raw) => {
  const value = present(raw);
  if (value !== 'true' && value !== 'false') throw expected('must be true or false');
  return value === 'true';
};

export const list = (): Parser<readonly string[]> => (raw) => {
  const items = present(raw)
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
  if (items.length === 0) throw expected('must name at least one value, separated by commas');
  return items;
};

export const oneOf =
  <const T extends string>(...allowed: readonly T[]): Parser<T> =>
  (raw) => {
    const value = present(raw);
    const match = allowed.find((candidate) => candidate === value);
    if (match === undefined) throw expected(`must be one of ${allowed.join(', ')}`);
    return match;
  };

export const url =
  (...protocols: readonly string[]): Parser<string> =>
  (raw) => {
    const value = present(raw);
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      throw expected(`must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`);
    }
    return value.replace(/\/+$/, '');
  };

/** JSON text, shaped by `shape`, which throws an Error that says what was expected. */
export const json =
  <T>(shape: (value: unknown) => T): Parser<T> =>
  (raw) => {
    const source = present(raw);
    let value: unknown;
    try {
      value = JSON.parse(source);
    } catch {
      throw expected('must be JSON');
    }
    return shape(value);
  };

/** An absent (or empty) variable takes `fallback`; a present one must parse. */
export const optional =
  <T, F>(parser: Parser<T>, fallback: F): Parser<T | F> =>
  (raw) =>
    raw === undefined || raw === '' ? fallback : parser(raw);

type Shape = Record<string, readonly [variable: string, parser: Parser<unknown>]>;
type Config<S extends Shape> = { readonly [K in keyof S]: ReturnType<S[K][1]> };

/** Reads every variable of `shape` from `env`, or throws one ConfigError that names each faulty variable. */
export function readConfig<const S extends Shape>(
  env: Readonly<Record<string, string | undefined>>,
  shape: S,
): Config<S> {
  const faults: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, [variable, parse]] of Object.entries(shape)) {
    try {
      config[key] = parse(env[variable]);
    } catch (error) {
      faults.push(`${variable} ${(error as Error).message}`);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config) as Config<S>;
}
