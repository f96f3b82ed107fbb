import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (dataDir: string, name: string): unknown =>
  JSON.parse(readFileSync(join(dataDir, 'aws', name), 'utf8'));

/** The settings of an SDK client that may do everything on the machine that runs on `dataDir`. */
export function ownerOf(dataDir: string) {
  const { endpoint } = read(dataDir, 'endpoint.json') as { endpoint: string };
  const credentials = read(dataDir, 'credentials.json') as { accessKeyId: string; secretAccessKey: string };
  return { endpoint, credentials, region: 'us-west-2' };
}
