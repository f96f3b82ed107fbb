import { AwsError } from './aws-error.ts';
import type { JsonObject } from './json-service.ts';

/** Reads members of an operation's input; a fault is the service's own validation error. */
export interface InputReader {
  /** Refuses members that this stand-in does not act on: nothing is ignored silently. */
  only(what: string, input: JsonObject, supported: readonly string[]): void;
  text(input: JsonObject, name: string): string;
  optionalText(input: JsonObject, name: string): string | undefined;
  optionalInteger(input: JsonObject, name: string, range: { min: number; max: number }): number | undefined;
  objects(input: JsonObject, name: string): readonly JsonObject[];
  texts(input: JsonObject, name: string): readonly string[];
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function createInputReader(code: string): InputReader {
  const refuse = (message: string) => new AwsError(code, message);
  const present = (value: unknown): boolean => value !== undefined && value !== null;
  const optionalText: InputReader['optionalText'] = (input, name) => {
    const value = input[name];
    if (!present(value)) return undefined;
    if (typeof value !== 'string') throw refuse(`${name} must be a string`);
    return value;
  };
  const list = (input: JsonObject, name: string): readonly unknown[] => {
    const value = input[name] ?? [];
    if (!Array.isArray(value)) throw refuse(`${name} must be a list`);
    return value;
  };
  return {
    only(what, input, supported) {
      const other = Object.keys(input).find((name) => present(input[name]) && !supported.includes(name));
      if (other !== undefined) throw refuse(`${what}: this stand-in does not support ${other}`);
    },
    text(input, name) {
      const value = optionalText(input, name);
      if (value === undefined || value === '') throw refuse(`${name} is required`);
      return value;
    },
    optionalText,
    optionalInteger(input, name, { min, max }) {
      const value = input[name];
      if (!present(value)) return undefined;
      if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
        throw refuse(`${name} must be a whole number from ${min} to ${max}`);
      }
      return value as number;
    },
    objects(input, name) {
      const items = list(input, name);
      if (!items.every(isObject)) throw refuse(`${name} must be a list of objects`);
      return items;
    },
    texts(input, name) {
      const items = list(input, name);
      if (!items.every((item) => typeof item === 'string')) throw refuse(`${name} must be a list of strings`);
      return items;
    },
  };
}
