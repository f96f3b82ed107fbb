/**
 * The `q` of a session list: user_metadata['key']:'value', nested as user_metadata['a']['b']:'value'.
 *
 * Equality of strings only, as in the contract. A backslash escapes the character after it.
 */
export interface MetadataQuery {
  readonly path: readonly string[];
  readonly value: string;
}

const QUOTED = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/y;
const MAX_DEPTH = 8;

export class MetadataQueryError extends Error {
  override readonly name = 'MetadataQueryError';
}

/** Parses a query, or throws a MetadataQueryError that says what is wrong and where. */
export function parseMetadataQuery(source: string): MetadataQuery {
  const reader = { source: source.trim(), at: 0 };
  expectText(reader, 'user_metadata');
  const path: string[] = [];
  while (reader.source[reader.at] === '[') {
    expectText(reader, '[');
    path.push(readQuoted(reader));
    expectText(reader, ']');
  }
  if (path.length === 0) throw new MetadataQueryError(`needs a ['key'] at character ${reader.at + 1}`);
  if (path.length > MAX_DEPTH) throw new MetadataQueryError(`may go ${MAX_DEPTH} keys deep`);
  skipSpace(reader);
  expectText(reader, ':');
  skipSpace(reader);
  const value = readQuoted(reader);
  if (reader.at < reader.source.length) {
    throw new MetadataQueryError(`has more text than one condition from character ${reader.at + 1}`);
  }
  return { path, value };
}

interface Reader {
  readonly source: string;
  at: number;
}

function expectText(reader: Reader, text: string): void {
  if (!reader.source.startsWith(text, reader.at)) {
    throw new MetadataQueryError(`needs ${text} at character ${reader.at + 1}`);
  }
  reader.at += text.length;
}

function skipSpace(reader: Reader): void {
  while (reader.source[reader.at] === ' ') reader.at += 1;
}

function readQuoted(reader: Reader): string {
  QUOTED.lastIndex = reader.at;
  const match = QUOTED.exec(reader.source);
  if (match === null) throw new MetadataQueryError(`needs a quoted text at character ${reader.at + 1}`);
  reader.at = QUOTED.lastIndex;
  return (match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1');
}

/** Whether `metadata` holds exactly that string at that path. */
export function matchesMetadata(query: MetadataQuery, metadata: unknown): boolean {
  let value = metadata;
  for (const key of query.path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false;
    value = (value as Record<string, unknown>)[key];
  }
  return value === query.value;
}
