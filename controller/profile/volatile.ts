import { isObject } from '../../core/domain/is-object.ts';

/**
 * What Chrome writes at every start and end, though nothing happened that anybody wants back. It is in every archive; but a
 * profile in which nothing else changed is not saved again. Measured: docs/decisions/2026-11-29-profile-archives.md.
 */
const NAMES: ReadonlySet<string> = new Set([
  // What LevelDB says about its own work.
  'LOG',
  'LOG.old',
]);

/** Folders of a profile such as `Default`, and of it only: deeper down a site may own one of such a name. */
const FOLDERS: ReadonlySet<string> = new Set([
  // sessionStorage belongs to tabs, and no archive has those of the last run.
  'Session Storage',
  // Chrome's counts of its own features.
  'shared_proto_db',
]);

type Keys = readonly (readonly string[])[];

const LOCAL_STATE: Keys = [['session_id_generator_last_value'], ['user_experience_metrics']];
const PREFERENCES: Keys = [
  // When it was opened and closed.
  ['in_product_help', 'session_last_active_time'],
  ['sessions', 'event_log'],
  ['schedule_to_flush_to_disk'],
  // Random at every start where nobody is signed in to Chrome.
  ['google', 'services', 'signin_scoped_device_id'],
  // Seals of settings that stand beside them.
  ['protection'],
];

/** Whether the change of this file, of so many bytes, means nothing. */
export function isVolatile(path: string, size: number): boolean {
  const names = path.split('/');
  const name = names.at(-1) ?? '';
  // A journal is what SQLite would undo: an empty one is none.
  if (NAMES.has(name) || (size === 0 && name.endsWith('-journal'))) return true;
  return names.length > 2 && FOLDERS.has(names[1] ?? '');
}

/** The content of a file without what is volatile in it; as it is when there is nothing, or it cannot be read. */
export function withoutVolatile(path: string, content: Buffer): Buffer {
  const keys = path === 'Local State' ? LOCAL_STATE : /^[^/]+\/Preferences$/.test(path) ? PREFERENCES : [];
  if (keys.length === 0) return content;
  try {
    const settings: unknown = JSON.parse(content.toString('utf8'));
    for (const key of keys) remove(settings, key);
    return Buffer.from(JSON.stringify(settings));
  } catch {
    return content;
  }
}

function remove(value: unknown, [key = '', ...rest]: readonly string[]): void {
  if (!isObject(value)) return;
  if (rest.length > 0) remove(value[key], rest);
  else delete (value as Record<string, unknown>)[key];
}
