/** The variables that a bundle reads. */
import { inBrackets } from './brackets.ts';
import type { Section } from './live-code.ts';

export interface VariableNeed {
  readonly name: string;
  readonly isOptional: boolean;
}

const READ_CONFIG = /\breadConfig\d*\(process\.env, \{/;
const VARIABLE = /\[\s*"([A-Z][A-Z0-9_]*)",\s*(optional\d*\()?/g;

export function variablesOf({ text }: Section): VariableNeed[] {
  const shape = READ_CONFIG.exec(text);
  if (shape === null) return [];
  const inside = inBrackets(text, shape.index + shape[0].length - 1);
  return [...inside.matchAll(VARIABLE)].map(([, name = '', optional]) => ({
    name,
    isOptional: optional !== undefined,
  }));
}

// A reader of its own, as the router has, finds its shape nowhere here: then its variables are missing, and are told.
const READERS = /\bread\w*Config\d*\(process\.env\b/g;

export const variableRiddles = ({ file, text }: Section): string[] =>
  text.split('process.env').length - 1 > [...text.matchAll(READERS)].length
    ? [`${file} reads process.env otherwise than by readConfig(process.env, { ... })`]
    : [];
