import { scanAll } from '../../core/aws/dynamodb/scan-all.ts';
import { revokeApiKey } from '../../core/aws/keys/revoke-api-key.ts';
import { storeApiKey } from '../../core/aws/keys/store-api-key.ts';
import { getProjects } from '../../core/aws/projects/get-projects.ts';
import { type ApiKey, isUsable } from '../../core/domain/api-key.ts';
import { createApiKeyText } from '../../core/tokens/api-key-text.ts';
import { integerOption, nameOption, type Options, UsageError } from './command-line.ts';
import { formatTable } from './format-table.ts';
import type { Installation } from './installation.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 3650;
// So much of the hash tells keys apart in a list, and opens nothing.
const KEY_ID_CHARACTERS = 12;
const MIN_KEY_ID_CHARACTERS = 6;

const keyIdOf = ({ apiKeyHash }: ApiKey): string => apiKeyHash.slice(0, KEY_ID_CHARACTERS);

export async function createKey({ projects, apiKeys }: Installation, options: Options): Promise<string> {
  const projectIds = [...new Set(options.project ?? [])].filter(Boolean);
  const [first] = projectIds;
  if (first === undefined) throw new UsageError('"keys create" needs at least one --project ID');
  const defaultProjectId = options['default-project'] ?? first;
  if (!projectIds.includes(defaultProjectId)) {
    throw new UsageError(`--default-project ${defaultProjectId} is not among the --project ids`);
  }
  const found = new Set((await getProjects(projects, projectIds)).map(({ projectId }) => projectId));
  const missing = projectIds.find((projectId) => !found.has(projectId));
  if (missing !== undefined) throw new UsageError(`There is no project ${missing}`);

  const apiKey = createApiKeyText();
  const key = await storeApiKey(
    apiKeys,
    {
      apiKey,
      name: options.name === undefined ? 'key' : nameOption('name', options.name),
      projectIds,
      defaultProjectId,
      expiresAt: expiryOf(options['expires-in-days']),
    },
    new Date(),
  );
  return `Key ${keyIdOf(key)} for ${projectIds.join(', ')}; it is shown only now:\n${apiKey}`;
}

function expiryOf(raw: string | undefined): string | undefined {
  if (raw === undefined) return undefined;
  const days = integerOption('expires-in-days', raw, { fallback: 1, min: 1, max: MAX_DAYS });
  return new Date(Date.now() + days * DAY_MS).toISOString();
}

export async function listKeys({ apiKeys }: Installation): Promise<string> {
  const all = await scanAll<ApiKey>(apiKeys);
  const now = new Date();
  return formatTable(
    ['KEY-ID', 'NAME', 'PROJECTS', 'DEFAULT', 'STATE', 'CREATED', 'EXPIRES'],
    all
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
      .map((key) => [
        keyIdOf(key),
        key.name,
        key.projectIds.join(','),
        key.defaultProjectId,
        key.status === 'ACTIVE' && !isUsable(key, now) ? 'EXPIRED' : key.status,
        key.createdAt,
        key.expiresAt ?? 'never',
      ]),
  );
}

export async function revokeKey({ apiKeys }: Installation, keyId: string): Promise<string> {
  if (keyId.length < MIN_KEY_ID_CHARACTERS || !/^[0-9a-f]+$/.test(keyId)) {
    throw new UsageError('KEY-ID is the id in "keys list", such as 3f9a0c12b7de');
  }
  const matching = (await scanAll<ApiKey>(apiKeys)).filter(({ apiKeyHash }) => apiKeyHash.startsWith(keyId));
  const [key] = matching;
  if (key === undefined) throw new UsageError(`There is no key ${keyId}`);
  if (matching.length > 1)
    throw new UsageError(`More than one key starts with ${keyId}: give more of its id`);
  await revokeApiKey(apiKeys, key.apiKeyHash);
  return `Key ${keyIdOf(key)} (${key.name}) is revoked; the API refuses it within a minute`;
}
