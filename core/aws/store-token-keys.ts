import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { parseKeySet, rotateKeySet } from '../tokens/key-set.ts';
import type { TokenKeySet } from '../tokens/tokens.ts';

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

/** Makes a fresh signing key the current one; those before it stay valid for the sessions that run. Returns the id of the new key. */
export async function rotateTokenKeys(client: SecretsManagerClient, secretId: string): Promise<string> {
  const next = rotateKeySet(await readTokenKeys(client, secretId));
  const SecretString = JSON.stringify(next);
  try {
    await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await client.send(new CreateSecretCommand({ Name: secretId, SecretString }));
  }
  return next.current;
}
