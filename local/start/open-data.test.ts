import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectionOf, silentLogger, withFolder } from '../aws/testing/serve-services.ts';
import { startTestAws } from '../aws/testing/start-test-aws.ts';
import { publishEndpoint } from '../data/published-endpoint.ts';
import { readInfrastructure } from './infrastructure.ts';
import { type Data, NoDataError, openData } from './open-data.ts';

const infrastructure = readInfrastructure();
const open = (dataDir: string) =>
  openData({ dataDir, infrastructure, dynamodbEndpoint: undefined, logger: silentLogger });

async function secretFault({ endpoint, credentials }: Data): Promise<string> {
  const client = new SecretsManagerClient({ endpoint, credentials, region: infrastructure.region });
  const { name: SecretId } = infrastructure.secrets.tokenKeys;
  const fault = await rejectionOf(client.send(new GetSecretValueCommand({ SecretId })));
  client.destroy();
  return fault.name;
}

const t = suite('the data of one machine');

t('is not made by whoever only wants to look at it', () =>
  withFolder(async (dataDir) => {
    const error = await rejectionOf(open(dataDir));
    assert.instance(error, NoDataError);
    assert.match(error.message, `There is no installation in ${dataDir}: run "npm start" once`);
    assert.not(existsSync(join(dataDir, 'aws')));
  }),
);

t('is opened by itself, tables and secrets and nothing else, and given free again', () =>
  withFolder(async (dataDir) => {
    mkdirSync(join(dataDir, 'aws'));
    const data = await open(dataDir);
    assert.is(await secretFault(data), 'ResourceNotFoundException');
    const { endpoint, credentials } = data;
    const sns = new SNSClient({ endpoint, credentials, region: infrastructure.region, maxAttempts: 1 });
    const publish = new PublishCommand({ TopicArn: infrastructure.topics.ready.arn, Message: 'x' });
    assert.match((await rejectionOf(sns.send(publish))).message, /No service sns/);
    sns.destroy();
    assert.is((await rejectionOf(open(dataDir))).name, 'DataFolderInUse');
    await data.close();
    await (await open(dataDir)).close();
  }),
);

t('is opened through the machine that runs on it, which stays', () =>
  withFolder(async (dataDir) => {
    const aws = await startTestAws(dataDir);
    publishEndpoint(aws.folders.state, aws.endpoint);
    const data = await open(dataDir);
    assert.is(data.endpoint, aws.endpoint);
    await data.close();
    assert.is(await secretFault(data), 'ResourceNotFoundException', 'it is still served');
    await aws.close();
  }),
);

t.run();
