import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { parseKeySet } from '../../tokens/key-set.ts';
import type { TokenKeySet } from '../../tokens/tokens.ts';

/** The stored key set; undefined when the secret does not exist, or exists and is still empty. */
export async function readTokenKeys(
  client: SecretsManagerClient,
  secretId: string,
): Promise<TokenKeySet | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return parseKeySet(SecretString ?? '');
  } catch (error) {
    // Terraform makes the secret, and the first rotation its first version: until then it has none.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
