import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApiKeyText, isApiKeyText } from '../../core/tokens/api-key-text.ts';
import { writeFileAtomic } from './atomic-file.ts';

export const apiKeyFileIn = (dataDir: string): string => join(dataDir, 'api-key');

const OWNER_ONLY = 0o600;

/**
 * The API key of this machine: made at the first start, and kept where only its owner reads it, because the table has
 * no more than its hash and later starts show it again.
 */
export function readOrCreateApiKey(dataDir: string): string {
  const path = apiKeyFileIn(dataDir);
  if (!existsSync(path)) writeFileSync(path, `${createApiKeyText()}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  chmodSync(path, OWNER_ONLY);
  const apiKey = readFileSync(path, 'utf8').trim();
  if (!isApiKeyText(apiKey)) throw new Error(`${path} holds no API key: remove it to get a new one`);
  return apiKey;
}

/** Another one in its place, when the table refuses the one that is there. */
export function replaceApiKey(dataDir: string): string {
  const apiKey = createApiKeyText();
  writeFileAtomic(apiKeyFileIn(dataDir), `${apiKey}\n`);
  return apiKey;
}
