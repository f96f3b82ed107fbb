import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type ArtifactsBucket, createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { type ContextsBucket, createContextsBucket } from '../../core/aws/contexts/contexts-bucket.ts';
import { createDocumentClient, type Table } from '../../core/aws/dynamodb/document-client.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { type Installation, tellOnStandardError } from './installation.ts';
import { awsOperator } from './operator.ts';

export interface AwsEnvironment {
  /** AWS_PROFILE, for the audit log: the SDK reads it by itself. */
  readonly profile?: string | undefined;
  /** Whether AWS_ENDPOINT_URL is given: a bucket has no host name of its own there. */
  readonly usesEndpoint: boolean;
}

/** The tables `<prefix>-...`, with region and credentials from where the AWS SDK finds them: it fails here without. */
export async function openAwsInstallation(
  prefix: string,
  { profile, usesEndpoint }: AwsEnvironment,
): Promise<Installation> {
  const client = createDocumentClient();
  await client.config.region();
  const { accessKeyId } = await client.config.credentials();
  const secrets = new SecretsManagerClient({});
  let bucket: ContextsBucket | undefined;
  let artifacts: ArtifactsBucket | undefined;
  const ecs = new ECSClient({});
  const table = (name: string): Table => ({ client, tableName: `${prefix}-${name}` });
  const contexts = table('contexts');
  return {
    who: awsOperator(accessKeyId, profile),
    clock: systemClock,
    projects: table('projects'),
    apiKeys: table('api-keys'),
    sessions: table('sessions'),
    contexts,
    extensions: table('extensions'),
    certificates: table('certificates'),
    downloads: table('downloads'),
    sessionEvents: table('session-events'),
    webhooks: table('webhooks'),
    webhookDeliveries: table('webhook-deliveries'),
    audit: table('audit'),
    tokenKeys: { secrets, secretId: `${prefix}-token-keys`, publicKeys: table('public-keys') },
    bucket: async () => {
      bucket ??= createContextsBucket(`${prefix}-contexts-${await accountOf(contexts)}`, usesEndpoint);
      return bucket;
    },
    artifacts: async () => {
      artifacts ??= createArtifactsBucket(`${prefix}-artifacts-${await accountOf(contexts)}`, usesEndpoint);
      return artifacts;
    },
    browsers: { client: ecs, cluster: prefix },
    tell: tellOnStandardError,
    close: async () => {
      for (const each of [client, secrets, ecs, bucket?.client, artifacts?.client]) each?.destroy();
    },
  };
}

/** The account that a table is in: it stands in the name of the bucket beside it. */
async function accountOf({ client, tableName }: Table): Promise<string> {
  const { Table: described } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const account = described?.TableArn?.split(':')[4];
  if (account === undefined) throw new Error(`AWS does not say in which account ${tableName} is`);
  return account;
}
