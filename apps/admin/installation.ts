import { resolve } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createDocumentClient, type Table } from '../../core/aws/dynamodb/document-client.ts';
import type { TokenKeyStores } from '../../core/aws/keys/rotate-token-keys.ts';
import { createLogger } from '../../core/log/logger.ts';
import { readInfrastructure } from '../../local/start/infrastructure.ts';
import { openData } from '../../local/start/open-data.ts';

/** What the commands work on: one installation, on AWS or on this machine. */
export interface Installation {
  readonly projects: Table;
  readonly apiKeys: Table;
  readonly tokenKeys: TokenKeyStores;
  close(): Promise<void>;
}

/** The tables `<prefix>-...`, with region and credentials from where the AWS SDK finds them. */
export function openAwsInstallation(prefix: string): Installation {
  const client = createDocumentClient();
  const secrets = new SecretsManagerClient({});
  return {
    projects: { client, tableName: `${prefix}-projects` },
    apiKeys: { client, tableName: `${prefix}-api-keys` },
    tokenKeys: {
      secrets,
      secretId: `${prefix}-token-keys`,
      publicKeys: { client, tableName: `${prefix}-public-keys` },
    },
    close: async () => {
      client.destroy();
      secrets.destroy();
    },
  };
}

/** The installation in `dataDir`, whether its machine runs or not. */
export async function openLocalInstallation(
  dataDir: string,
  dynamodbEndpoint?: string,
): Promise<Installation> {
  const logger = createLogger({ service: 'admin' }, (line) => process.stderr.write(`${line}\n`));
  const infrastructure = readInfrastructure();
  const data = await openData({ dataDir: resolve(dataDir), infrastructure, dynamodbEndpoint, logger });
  const aws = { endpoint: data.endpoint, credentials: data.credentials, region: infrastructure.region };
  const client = createDocumentClient(aws);
  const secrets = new SecretsManagerClient(aws);
  const { tables } = infrastructure;
  return {
    projects: { client, tableName: tables.projects.name },
    apiKeys: { client, tableName: tables.apiKeys.name },
    tokenKeys: {
      secrets,
      secretId: infrastructure.secrets.tokenKeys.name,
      publicKeys: { client, tableName: tables.publicKeys.name },
    },
    close: async () => {
      client.destroy();
      secrets.destroy();
      await data.close();
    },
  };
}
