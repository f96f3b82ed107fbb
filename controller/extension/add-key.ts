import { createHash } from 'node:crypto';
import type { Manifest } from '../../core/extension-zip/read-manifest.ts';

/**
 * The manifest with a key, if it has none. From it Chrome makes the extension's id, and otherwise from the folder, which is
 * another one in each session: what the extension keeps in a context's profile would be lost. A key that is there stays.
 */
export function addKey({ text, json, hasKey }: Manifest, extensionId: string): string {
  if (hasKey) return text;
  const at = json.indexOf('{') + 1;
  const key = createHash('sha256').update(`wallcrawler extension ${extensionId}`).digest('base64');
  return `${text.slice(0, at)}"key":"${key}",${text.slice(at)}`;
}
