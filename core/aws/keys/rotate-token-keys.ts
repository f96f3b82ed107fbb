import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { rotateKeySet } from '../../tokens/key-set.ts';
import { publicKeysOf } from '../../tokens/tokens.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { publishPublicKeys } from './publish-public-keys.ts';
import { readTokenKeys } from './read-token-keys.ts';

export interface TokenKeyStores {
  readonly secrets: SecretsManagerClient;
  readonly secretId: string;
  /** What the router reads: public halves only. */
  readonly publicKeys: Table;
}

/**
 * A rotation, from start to end. Makes a fresh signing key the current one (core/tokens/key-set.ts says which of those
 * before it stay, for the sessions that run, unless they are dropped) and returns its id. It is published before
 * anything can be signed with it, so that no reader meets a token whose key it cannot find.
 *
 * Functions see it within `keyCacheMs` (load-token-keys.ts), the router with the first token (router/public-keys.ts); a
 * container has the keys that it was started with.
 */
export async function rotateTokenKeys(
  { secrets, secretId, publicKeys }: TokenKeyStores,
  now: Date,
  { dropEarlier = false }: { readonly dropEarlier?: boolean } = {},
): Promise<string> {
  const previous = dropEarlier ? undefined : await readTokenKeys(secrets, secretId);
  const next = rotateKeySet(previous, now);
  await publishPublicKeys(publicKeys, publicKeysOf(next), now);
  await storeSecret(secrets, secretId, JSON.stringify(next));
  return next.current;
}

async function storeSecret(
  client: SecretsManagerClient,
  secretId: string,
  SecretString: string,
): Promise<void> {
  try {
    await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await client.send(new CreateSecretCommand({ Name: secretId, SecretString }));
  }
}
