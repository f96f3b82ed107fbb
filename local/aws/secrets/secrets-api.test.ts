import { readFileSync, statSync, writeFileSync } from 'node:fs';
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

const secrets = suite('Secrets Manager');
const arnPrefix = 'arn:aws:secretsmanager:us-west-2:0';
const ClientRequestToken = '11111111-1111-1111-1111-111111111111';

async function withClient(file: string, use: (client: SecretsManagerClient) => Promise<void>) {
  const api = createSecretsApi({ file, arnPrefix, now: () => new Date() });
  const served = await serveServices({ secretsmanager: api });
  const client = new SecretsManagerClient(served.client);
  try {
    await use(client);
  } finally {
    client.destroy();
    await served.close();
  }
}

const readValue = async (client: SecretsManagerClient, SecretId: string) =>
  (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;

secrets('keeps the current value, for its owner only, over a restart', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'secrets.json');
    await withClient(file, async (client) => {
      assert.is((await rejectionOf(readValue(client, 'keys'))).name, 'ResourceNotFoundException');
      const putFirst = client.send(new PutSecretValueCommand({ SecretId: 'keys', SecretString: 'x' }));
      assert.is((await rejectionOf(putFirst)).name, 'ResourceNotFoundException');
      await client.send(new CreateSecretCommand({ Name: 'keys', SecretString: 'one' }));
      const again = client.send(new CreateSecretCommand({ Name: 'keys', SecretString: 'two' }));
      assert.is((await rejectionOf(again)).name, 'ResourceExistsException');
      await client.send(new PutSecretValueCommand({ SecretId: 'keys', SecretString: 'two' }));
    });
    assert.is(statSync(file).mode & 0o777, 0o600);
    assert.not.match(readFileSync(file, 'utf8'), 'one');
    await withClient(file, async (client) => assert.is(await readValue(client, 'keys'), 'two'));
  }),
);

secrets('reads what an earlier release has kept, with the value before the current one', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'secrets.json');
    const versionOf = (id: string) => ({ id, secretString: `value ${id}`, createdAtSeconds: 1 });
    const versions = [versionOf('b'), versionOf('a')];
    const stored = [{ name: 'keys', arn: `${arnPrefix}:secret:keys-abcdef`, createdAtSeconds: 1, versions }];
    writeFileSync(file, JSON.stringify(stored));
    await withClient(file, async (client) => assert.is(await readValue(client, 'keys'), 'value b'));
  }),
);

secrets('takes the retry of a create as one, and refuses what it does not keep', () =>
  withFolder((folder) =>
    withClient(join(folder, 'secrets.json'), async (client) => {
      const create = { Name: 'keys', SecretString: 'one', ClientRequestToken };
      const { ARN } = await client.send(new CreateSecretCommand(create));
      assert.is((await client.send(new CreateSecretCommand(create))).ARN, ARN);
      assert.is(await readValue(client, 'keys'), 'one');
      const refusalOf = async (input: object) =>
        (await rejectionOf(client.send(new PutSecretValueCommand({ SecretId: 'keys', ...input })))).message;
      assert.match(await refusalOf({ SecretBinary: Buffer.from('x') }), /SecretBinary/);
      assert.match(await refusalOf({ SecretString: 'x'.repeat(65_537) }), /longer than 65536 bytes/);
      const unnamed = client.send(new CreateSecretCommand({ Name: 'a b', SecretString: 'x' }));
      assert.match((await rejectionOf(unnamed)).message, /invalid characters/);
      const described = client.send(new DescribeSecretCommand({ SecretId: 'keys' }));
      assert.match((await rejectionOf(described)).message, /DescribeSecret/);
    }),
  ),
);

secrets.run();
