import { fileNameOf } from '../../core/domain/file-name.ts';
import { isObject } from '../../core/domain/is-object.ts';
import { CLIENT_UPLOADS_FOLDER } from '../../core/domain/uploads.ts';
import type { Json } from '../chrome/connection.ts';
import { CHROME_WORDS, type ProtocolError } from './chrome-words.ts';

/** Where a file lies that was uploaded under this name; undefined: none was. */
export type UploadPathOf = (name: string) => string | undefined;

/** Commands by which a client names files to Chrome, and where in their parameters the list is. */
const FILE_LISTS: Readonly<Record<string, readonly [string] | readonly [string, string]>> = {
  'DOM.setFileInputFiles': ['files'],
  'Input.dispatchDragEvent': ['data', 'files'],
  'PWA.launchFilesInApp': ['files'],
};

const PREFIX = `${CLIENT_UPLOADS_FOLDER}/`;

export const namesFiles = (method: unknown): method is string =>
  typeof method === 'string' && Object.hasOwn(FILE_LISTS, method);

/**
 * The parameters with each file where it lies; null: they name none. A client chooses among what was uploaded to its session:
 * any other path would be one of the container, and its content the next page's.
 */
export function rewriteFiles(
  method: string,
  params: unknown,
  uploadPathOf: UploadPathOf,
): { readonly params: Json } | { readonly refusal: ProtocolError } | null {
  const [first, second] = FILE_LISTS[method] ?? [];
  if (first === undefined || !isObject(params)) return null;
  const holder = second === undefined ? params : params[first];
  const key = second ?? first;
  if (!isObject(holder) || !Array.isArray(holder[key]) || holder[key].length === 0) return null;
  const paths: string[] = [];
  for (const file of holder[key]) {
    const path = typeof file === 'string' ? pathOf(file, uploadPathOf) : CHROME_WORDS.foreignFile;
    if (typeof path !== 'string') return { refusal: path };
    paths.push(path);
  }
  const rewritten = { ...holder, [key]: paths };
  return { params: second === undefined ? rewritten : { ...params, [first]: rewritten } };
}

function pathOf(file: string, uploadPathOf: UploadPathOf): string | ProtocolError {
  const given = file.startsWith(PREFIX) ? file.slice(PREFIX.length) : '';
  // By the name that the file was given when it came: some systems spell letters in two ways.
  const name = /[/\\]/.test(given) ? undefined : fileNameOf(given);
  if (name === undefined) return CHROME_WORDS.foreignFile;
  return uploadPathOf(name) ?? notUploaded(name);
}

const notUploaded = (name: string): ProtocolError => ({
  code: CHROME_WORDS.foreignFile.code,
  message: `No file was uploaded to this session as ${PREFIX}${name}`,
});
