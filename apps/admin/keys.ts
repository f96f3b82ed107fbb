import { scanAll } from '../../core/aws/dynamodb/scan-all.ts';
import { revokeApiKey } from '../../core/aws/keys/revoke-api-key.ts';
import { storeApiKey } from '../../core/aws/keys/store-api-key.ts';
import { getProjects } from '../../core/aws/projects/get-projects.ts';
import { type ApiKey, isUsable } from '../../core/domain/api-key.ts';
import { createApiKeyText } from '../../core/tokens/api-key-text.ts';
import { type Answer, listAnswer } from './answer.ts';
import type { Options } from './command-line.ts';
import type { Installation } from './installation.ts';
import { integerOption, nameOption } from './options.ts';
import { recordAction } from './record-action.ts';
import { UsageError } from './refusal.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 3650;
// So much of the hash tells keys apart in a list, and opens nothing.
const KEY_ID_CHARACTERS = 12;
const MIN_KEY_ID_CHARACTERS = 6;

export const keyIdOf = ({ apiKeyHash }: ApiKey): string => apiKeyHash.slice(0, KEY_ID_CHARACTERS);

export async function createKey(installation: Installation, options: Options): Promise<Answer> {
  const { projects, apiKeys, clock } = installation;
  const projectIds = [...new Set(options.project ?? [])].filter(Boolean);
  const [first] = projectIds;
  if (first === undefined) throw new UsageError('"keys create" needs at least one --project ID');
  const defaultProjectId = options['default-project'] ?? first;
  if (!projectIds.includes(defaultProjectId)) {
    throw new UsageError(`--default-project ${defaultProjectId} is not among the --project ids`);
  }
  const name = options.name === undefined ? 'key' : nameOption('name', options.name);
  const now = new Date(clock.now());
  const expiresAt = expiryOf(options['expires-in-days'], now);
  const found = await getProjects(projects, projectIds);
  const open = new Set(found.filter(({ deletingSince }) => !deletingSince).map(({ projectId }) => projectId));
  const missing = projectIds.find((projectId) => !open.has(projectId));
  if (missing !== undefined) throw new UsageError(`There is no project ${missing}`);

  const apiKey = createApiKeyText();
  const details = { name, projectIds, defaultProjectId, expiresAt };
  return recordAction(installation, { action: 'keys create', details }, async () => {
    const key = await storeApiKey(apiKeys, { apiKey, name, projectIds, defaultProjectId, expiresAt }, now);
    return {
      json: { ...toKeyView(key, now), apiKey },
      text: `Key ${keyIdOf(key)} for ${projectIds.join(', ')}; it is shown only now:\n${apiKey}`,
    };
  });
}

export function expiryOf(raw: string | undefined, now: Date): string | undefined {
  if (raw === undefined) return undefined;
  const days = integerOption('expires-in-days', raw, { fallback: 1, min: 1, max: MAX_DAYS });
  return new Date(now.getTime() + days * DAY_MS).toISOString();
}

/** A key as operators see it: without its hash, of which the id is the beginning. */
export const toKeyView = (key: ApiKey, now: Date) => {
  const { apiKeyHash, status, ...rest } = key;
  const state = status === 'ACTIVE' && !isUsable(key, now) ? ('EXPIRED' as const) : status;
  return { keyId: keyIdOf(key), state, ...rest };
};

export async function listKeys({ apiKeys, clock }: Installation): Promise<Answer> {
  const now = new Date(clock.now());
  const all = (await scanAll<ApiKey>(apiKeys)).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  return listAnswer(
    all.map((key) => toKeyView(key, now)),
    {
      columns: [
        ['KEY-ID', ({ keyId }) => keyId],
        ['NAME', ({ name }) => name, 'elastic'],
        ['LAST-4', ({ lastFour }) => lastFour ?? '-'],
        ['PROJECTS', ({ projectIds }) => projectIds.join(','), 'elastic'],
        ['DEFAULT', ({ defaultProjectId }) => defaultProjectId, 'elastic'],
        ['STATE', ({ state }) => state],
        ['CREATED', ({ createdAt }) => createdAt],
        ['EXPIRES', ({ expiresAt }) => expiresAt ?? 'never'],
        ['LAST-USED', ({ lastUsedAt }) => lastUsedAt ?? '-'],
        ['REVOKED', ({ revokedAt }) => revokedAt ?? '-'],
      ],
    },
  );
}

/** The one key whose id begins so. */
export async function requireKey({ apiKeys }: Installation, keyId: string): Promise<ApiKey> {
  if (keyId.length < MIN_KEY_ID_CHARACTERS || !/^[0-9a-f]+$/.test(keyId)) {
    throw new UsageError('KEY-ID is the id in "keys list", such as 3f9a0c12b7de');
  }
  const matching = (await scanAll<ApiKey>(apiKeys)).filter(({ apiKeyHash }) => apiKeyHash.startsWith(keyId));
  const [key] = matching;
  if (key === undefined) throw new UsageError(`There is no key ${keyId}`);
  if (matching.length > 1)
    throw new UsageError(`More than one key starts with ${keyId}: give more of its id`);
  return key;
}

export async function revokeKey(installation: Installation, wanted: string): Promise<Answer> {
  const { apiKeys, clock } = installation;
  const key = await requireKey(installation, wanted);
  const keyId = keyIdOf(key);
  const details = { name: key.name };
  return recordAction(installation, { action: 'keys revoke', target: keyId, details }, async () => {
    const now = new Date(clock.now());
    const { item = key, applied } = await revokeApiKey(apiKeys, key.apiKeyHash, now);
    const before = `has been revoked${item.revokedAt === undefined ? '' : ` at ${item.revokedAt}`}`;
    const state = applied ? 'is revoked; the API refuses it within a minute' : before;
    return { json: toKeyView(item, now), text: `Key ${keyId} (${key.name}) ${state}` };
  });
}
