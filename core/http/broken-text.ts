import { AppError } from '../domain/errors.ts';

interface Found {
  readonly value: unknown;
  readonly where: string;
}

// Kept as the JSON that it came as, where half a character is six others: it is given back as it was sent.
const KEPT_AS_JSON: readonly string[] = ['body/userMetadata'];

/**
 * Refuses half a character (a surrogate without its other half), in a text or a key, wherever it stands in `value`.
 * JSON can carry one, "\ud800"; UTF-8 cannot, and so neither a table nor a container's environment.
 *
 * A loop, because a client chooses how deep its body is nested.
 */
export function refuseBrokenText(value: unknown, where: string): void {
  const left: Found[] = [{ value, where }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (KEPT_AS_JSON.includes(next.where)) continue;
    if (typeof next.value === 'string') checkText(next.value, next.where, 'be');
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const [name, item] of Object.entries(next.value)) {
      checkText(name, next.where, 'have names of');
      if (typeof item === 'string' || typeof item === 'object')
        left.push({ value: item, where: `${next.where}/${name}` });
    }
  }
}

function checkText(text: string, where: string, must: 'be' | 'have names of'): void {
  if (!text.isWellFormed())
    throw new AppError('BAD_REQUEST', [`${shorten(where)} must ${must} well-formed Unicode`]);
}

// Made of a client's own names, as many and as long as it likes; an answer of more than 6 MB is none.
const MAX_WHERE_CHARACTERS = 200;

const shorten = (where: string): string =>
  where.length <= MAX_WHERE_CHARACTERS ? where : `${where.slice(0, MAX_WHERE_CHARACTERS).toWellFormed()}...`;
