/** Which settings of a body are not acted on, by the rows of setting-support.ts. */
import { isObject } from './is-object.ts';
import type { Installation, SettingRow, SettingRows } from './setting-support.ts';

interface Found {
  readonly path: string;
  readonly value: unknown;
}

export interface InspectedSettings {
  /** Paths that ask for something and get nothing, each once. */
  readonly ignored: readonly string[];
  /** A sentence about the first setting that is refused. */
  readonly refusal: string | undefined;
  /** Whether that is so of this installation, and others act on it. */
  readonly isNotOffered: boolean;
}

// What a client does not have in our rows at all is newer than they are, or a slip of the pen.
const UNKNOWN: SettingRow = { support: 'ignored' };

export function inspectSettings(
  body: unknown,
  rows: SettingRows,
  installation: Installation,
): InspectedSettings {
  const asked = [...findSettings(body, '', rows)]
    .map((found) => ({ ...found, row: rowOf(rows, found.path) }))
    .filter(({ value, row: { wants = () => true } }) => asksAtAll(value) && wants(value, installation));
  const refused = asked.find(
    ({ row: { refusal, isOfferedBy } }) => refusal !== undefined && isOfferedBy?.(installation) !== true,
  );
  const ignored = asked.filter(({ row }) => isIgnored(row, installation)).map(({ path }) => path);
  return {
    ignored: [...new Set(ignored)],
    isNotOffered: refused?.row.isOfferedBy !== undefined,
    refusal: refused && `body/${refused.path.replaceAll('.', '/')} ${refused.row.refusal}`,
  };
}

const isIgnored = ({ support, isIgnoredBy }: SettingRow, installation: Installation): boolean =>
  support === 'ignored' || isIgnoredBy?.(installation) === true;

// A name may be one that objects have of themselves.
const rowOf = (rows: SettingRows, path: string): SettingRow =>
  (Object.hasOwn(rows, path) ? rows[path] : undefined) ?? UNKNOWN;

/** Goes no deeper than the rows do: a client chooses how deep its body is nested. */
function* findSettings(value: unknown, path: string, rows: SettingRows): Iterable<Found> {
  const isBranch = path === '' || Object.keys(rows).some((row) => row.startsWith(`${path}.`));
  const isListOfKinds = Array.isArray(value) && Object.keys(rows).some((row) => row.startsWith(`${path}[`));
  if (isListOfKinds) {
    for (const entry of value) yield* findInEntry(entry, `${path}[${kindOf(entry)}]`, rows);
  } else if (isBranch && isObject(value) && !Array.isArray(value)) {
    for (const [name, item] of Object.entries(value)) {
      yield* findSettings(item, path === '' ? name : `${path}.${name}`, rows);
    }
  } else {
    yield { path, value };
  }
}

/** The entry, and what it says beside its kind. */
function* findInEntry(entry: unknown, path: string, rows: SettingRows): Iterable<Found> {
  yield { path, value: entry };
  if (!Object.hasOwn(rows, path) || !isObject(entry)) return;
  const { type: _kind, ...settings } = entry;
  for (const [name, item] of Object.entries(settings)) yield* findSettings(item, `${path}.${name}`, rows);
}

const kindOf = (entry: unknown): string =>
  isObject(entry) && typeof entry.type === 'string' ? entry.type : '';

/** `false`, nothing and emptiness ask for nothing. */
function asksAtAll(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
