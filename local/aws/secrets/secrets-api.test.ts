import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectionOf, serveServices, withFolder } from '../testing/serve-services.ts';
import { createSecretsApi } from './secrets-api.ts';
import { createSecretsStore } from './secrets-store.ts';

const secrets = suite('Secrets Manager');

const withClient = async (file: string, use: (client: SecretsManagerClient) => Promise<void>) => {
  const store = createSecretsStore(file);
  const api = createSecretsApi({
    store,
    arnPrefix: 'arn:aws:secretsmanager:us-west-2:0',
    now: () => new Date(),
  });
  const served = await serveServices({ secretsmanager: api });
  const client = new SecretsManagerClient(served.client);
  try {
    await use(client);
  } finally {
    client.destroy();
    await served.close();
  }
};

secrets('keeps the current and the previous value, for its owner only, over a restart', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'secrets.json');
    await withClient(file, async (client) => {
      const missing = client.send(new GetSecretValueCommand({ SecretId: 'keys' }));
      assert.is((await rejectionOf(missing)).name, 'ResourceNotFoundException');
      const putFirst = client.send(new PutSecretValueCommand({ SecretId: 'keys', SecretString: 'x' }));
      assert.is((await rejectionOf(putFirst)).name, 'ResourceNotFoundException');
      await client.send(new CreateSecretCommand({ Name: 'keys', SecretString: 'one' }));
      const again = client.send(new CreateSecretCommand({ Name: 'keys', SecretString: 'two' }));
      assert.is((await rejectionOf(again)).name, 'ResourceExistsException');
      await client.send(new PutSecretValueCommand({ SecretId: 'keys', SecretString: 'two' }));
    });
    assert.is(statSync(file).mode & 0o777, 0o600);
    await withClient(file, async (client) => {
      const described = await client.send(new DescribeSecretCommand({ SecretId: 'keys' }));
      const current = await client.send(new GetSecretValueCommand({ SecretId: described.ARN ?? '' }));
      assert.is(current.SecretString, 'two');
      assert.equal(described.VersionIdsToStages?.[current.VersionId ?? ''], ['AWSCURRENT']);
      const previous = { SecretId: 'keys', VersionStage: 'AWSPREVIOUS' };
      assert.is((await client.send(new GetSecretValueCommand(previous))).SecretString, 'one');
    });
  }),
);

secrets('takes the same request twice as one, and refuses what it does not keep', () =>
  withFolder((folder) =>
    withClient(join(folder, 'secrets.json'), async (client) => {
      await client.send(new CreateSecretCommand({ Name: 'keys', SecretString: 'one' }));
      const ClientRequestToken = '11111111-1111-1111-1111-111111111111';
      const put = { SecretId: 'keys', SecretString: 'two', ClientRequestToken };
      await client.send(new PutSecretValueCommand(put));
      await client.send(new PutSecretValueCommand(put));
      const previous = { SecretId: 'keys', VersionStage: 'AWSPREVIOUS' };
      assert.is((await client.send(new GetSecretValueCommand(previous))).SecretString, 'one');
      const other = client.send(new PutSecretValueCommand({ ...put, SecretString: 'three' }));
      assert.is((await rejectionOf(other)).name, 'ResourceExistsException');
      const binary = { SecretId: 'keys', SecretBinary: Buffer.from('x') };
      assert.match(
        (await rejectionOf(client.send(new PutSecretValueCommand(binary)))).message,
        /SecretBinary/,
      );
    }),
  ),
);

secrets.run();
