import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { parseKeySet, rotateKeySet } from '../../tokens/key-set.ts';
import { publicKeysOf, type TokenKeySet } from '../../tokens/tokens.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { publishPublicKeys } from './public-keys-table.ts';

/** The stored key set; undefined when the secret does not exist, or exists and is still empty. */
export async function readTokenKeys(
  client: SecretsManagerClient,
  secretId: string,
): Promise<TokenKeySet | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return parseKeySet(SecretString ?? '');
  } catch (error) {
    // Terraform makes the secret, and this code its first version: until then it has none.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

export interface TokenKeyStores {
  readonly secrets: SecretsManagerClient;
  readonly secretId: string;
  /** What the router reads: public halves only. */
  readonly publicKeys: Table;
}

/**
 * Makes a fresh signing key the current one. Those before it stay valid for the sessions that run, unless they are
 * dropped. Returns the id of the new key. It is published before anything can be signed with it, so that no reader meets
 * a token whose key it cannot find.
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
