import { resolve } from 'node:path';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { createContextsBucket } from '../../core/aws/contexts/contexts-bucket.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { createLogger } from '../../core/log/logger.ts';
import { readInfrastructure } from '../../local/start/infrastructure.ts';
import { openData } from '../../local/start/open-data.ts';
import { type Installation, tellOnStandardError } from './installation.ts';
import { localOperator } from './operator.ts';

/** The installation in `dataDir`, whether its machine runs or not. */
export async function openLocalInstallation(
  dataDir: string,
  dynamodbEndpoint?: string,
): Promise<Installation> {
  const logger = createLogger({ service: 'admin' }, tellOnStandardError);
  const infrastructure = readInfrastructure();
  const data = await openData({ dataDir: resolve(dataDir), infrastructure, dynamodbEndpoint, logger });
  const aws = { endpoint: data.endpoint, credentials: data.credentials, region: infrastructure.region };
  const client = createDocumentClient(aws);
  const secrets = new SecretsManagerClient(aws);
  const bucket = createContextsBucket(infrastructure.buckets.contexts.name, true, aws);
  const artifacts = createArtifactsBucket(infrastructure.buckets.artifacts.name, true, aws);
  const ecs = new ECSClient(aws);
  const { tables, secrets: secretSpecs, clusters } = infrastructure;
  const table = (name: keyof typeof tables) => ({ client, tableName: tables[name]?.name ?? '' });
  return {
    who: localOperator(),
    clock: systemClock,
    projects: table('projects'),
    apiKeys: table('apiKeys'),
    sessions: table('sessions'),
    contexts: table('contexts'),
    extensions: table('extensions'),
    certificates: table('certificates'),
    downloads: table('downloads'),
    sessionEvents: table('sessionEvents'),
    webhooks: table('webhooks'),
    webhookDeliveries: table('webhookDeliveries'),
    audit: table('audit'),
    tokenKeys: { secrets, secretId: secretSpecs.tokenKeys.name, publicKeys: table('publicKeys') },
    bucket: async () => bucket,
    artifacts: async () => artifacts,
    browsers: data.isRunning ? { client: ecs, cluster: clusters.browsers.name } : undefined,
    tell: tellOnStandardError,
    close: async () => {
      for (const each of [client, secrets, bucket.client, artifacts.client, ecs]) each.destroy();
      await data.close();
    },
  };
}
