import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AwsCredentials } from '../aws/wire/verify-signature.ts';
import { readJsonFile, writeFileAtomic } from './atomic-file.ts';

/**
 * The one key pair that opens the stand-ins, made at the first start. Random, because a page in a browser on this
 * machine can reach the endpoint too. The id lasts with the data: DynamoDB Local keeps a database for each id.
 */
export function loadCredentials(stateFolder: string): AwsCredentials {
  const file = join(stateFolder, 'credentials.json');
  const stored = readJsonFile(file) as AwsCredentials | undefined;
  if (stored !== undefined) return stored;
  const credentials = {
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
  writeFileAtomic(file, JSON.stringify(credentials));
  return credentials;
}
