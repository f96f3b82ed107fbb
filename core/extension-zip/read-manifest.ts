import stripJsonComments from 'strip-json-comments';
import { isObject } from '../domain/is-object.ts';
import { ExtensionRefusedError } from './extension-refused.ts';

/** The one that Chrome loads. It has dropped 2. */
const MANIFEST_VERSION = 3;
const VERSION = /^\d{1,5}(?:\.\d{1,5}){0,3}$/;
const BYTE_ORDER_MARK = '\ufeff';

export interface Manifest {
  /** As it was written. */
  readonly text: string;
  /** With blanks in place of its comments, which Chrome allows: at the same places as in `text`. */
  readonly json: string;
  readonly hasKey: boolean;
}

/** Reads manifest.json as far as Chrome needs it to load the extension at all. Throws an ExtensionRefusedError. */
export function readManifest(bytes: Buffer): Manifest {
  const text = decode(bytes);
  const json = stripJsonComments(text);
  const value = parse(json);
  if (!isObject(value)) throw refused('must be an object');
  const { manifest_version: version, name } = value;
  if (version === 2)
    throw refused('has manifest_version 2, which Chrome does not load any more: it must be 3');
  if (version !== MANIFEST_VERSION) throw refused('must have manifest_version 3');
  if (typeof name !== 'string' || name === '') throw refused('must have a name');
  if (typeof value.version !== 'string' || !VERSION.test(value.version))
    throw refused('must have a version of 1 to 4 numbers, such as "1.0"');
  return { text, json, hasKey: Object.hasOwn(value, 'key') };
}

function decode(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  } catch {
    throw refused('must be UTF-8');
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw refused('must be valid JSON');
  }
}

const refused = (fault: string): ExtensionRefusedError =>
  new ExtensionRefusedError(`its manifest.json ${fault}`);
