/** What a first start puts into the tables: a project, a key that opens it, and the keys that sign tokens. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createDocumentClient, type Table } from '../../core/aws/dynamodb/document-client.ts';
import { findApiKey } from '../../core/aws/keys/find-api-key.ts';
import { publishPublicKeys } from '../../core/aws/keys/publish-public-keys.ts';
import { readTokenKeys } from '../../core/aws/keys/read-token-keys.ts';
import { rotateTokenKeys, type TokenKeyStores } from '../../core/aws/keys/rotate-token-keys.ts';
import { storeApiKey } from '../../core/aws/keys/store-api-key.ts';
import { storeProject } from '../../core/aws/projects/store-project.ts';
import { isUsable } from '../../core/domain/api-key.ts';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import type { Infrastructure } from '../../terraform/reader/infrastructure.ts';
import type { AwsCredentials } from '../aws/wire/verify-signature.ts';

/** The stand-ins, as a client of AWS finds them. */
export interface Served {
  readonly infrastructure: Infrastructure;
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
}

const PROJECT = {
  projectId: 'local',
  name: 'local',
  ownerId: 'local',
  defaultTimeoutSeconds: 3600,
  concurrency: 25,
};

export interface Seed extends Served {
  readonly apiKey: string;
  /** Makes another key in place of one that opens nothing any more; left out where the key is not ours to change. */
  readonly replaceApiKey?: (() => string) | undefined;
  readonly now: Date;
}

/**
 * Adds what is missing and leaves alone what is there: it may have been changed since. Returns the key that a client can
 * use, or `apiKey` with `isDead` where it opens nothing and cannot be replaced.
 */
export async function seed(given: Seed): Promise<{ readonly apiKey: string; readonly isDead: boolean }> {
  const { infrastructure, endpoint, credentials, now } = given;
  const { region, tables } = infrastructure;
  const aws = { endpoint, credentials, region };
  const client = createDocumentClient(aws);
  const secrets = new SecretsManagerClient(aws);
  const apiKeys = { client, tableName: tables.apiKeys.name };
  const projects = { client, tableName: tables.projects.name };
  try {
    await storeProject(projects, PROJECT, now);
    const apiKey = await seedApiKey(apiKeys, given);
    const secretId = infrastructure.secrets.tokenKeys.name;
    const publicKeys = { client, tableName: tables.publicKeys.name };
    await seedTokenKeys({ secrets, secretId, publicKeys }, now);
    return apiKey;
  } finally {
    client.destroy();
    secrets.destroy();
  }
}

async function seedApiKey(apiKeys: Table, { apiKey, replaceApiKey, now }: Seed) {
  const stored = await findApiKey(apiKeys, hashApiKey(apiKey));
  if (stored !== undefined && isUsable(stored, now)) return { apiKey, isDead: false };
  const fresh = stored === undefined ? apiKey : replaceApiKey?.();
  if (fresh === undefined) return { apiKey, isDead: true };
  const { projectId, name } = PROJECT;
  await storeApiKey(
    apiKeys,
    { apiKey: fresh, name, projectIds: [projectId], defaultProjectId: projectId },
    now,
  );
  return { apiKey: fresh, isDead: false };
}

/** An installation that is older than the published keys gets those of its secret. */
async function seedTokenKeys(stores: TokenKeyStores, now: Date): Promise<void> {
  const keySet = await readTokenKeys(stores.secrets, stores.secretId);
  if (keySet === undefined) await rotateTokenKeys(stores, now);
  else await publishPublicKeys(stores.publicKeys, publicKeysOf(keySet), now);
}
