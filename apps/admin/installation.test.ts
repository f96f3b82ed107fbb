import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getPublicKeys } from '../../core/aws/keys/get-public-keys.ts';
import { readTokenKeys } from '../../core/aws/keys/read-token-keys.ts';
import { readInfrastructure } from '../../local/start/infrastructure.ts';
import { openAwsInstallation } from './aws-installation.ts';
import { openLocalInstallation } from './local-installation.ts';
import { openTestInstallation } from './testing/local-installation.ts';

const t = suite('the installation that admin works on');

t('is refused in a folder that has none, and nothing is made there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'admin-none-'));
  try {
    const error = await openLocalInstallation(folder).catch((fault: unknown) => fault);
    assert.is((error as Error).message, `There is no installation in ${folder}: run "npm start" once`);
    assert.equal(readdirSync(folder), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

t('keeps what was written, and is free again when it is closed', async () => {
  const first = await openTestInstallation();
  try {
    await first.run('projects', 'create', '--id', 'kept', '--name', 'Kept');
    const busy = await openLocalInstallation(first.dataDir).catch((fault: unknown) => fault);
    assert.match((busy as Error).message, `${first.dataDir} is in use by process ${process.pid}`);
    await first.installation.close();
    const second = await openLocalInstallation(first.dataDir);
    const { projects } = second;
    const { Item } = await projects.client.send(
      new GetCommand({ TableName: projects.tableName, Key: { projectId: 'kept' } }),
    );
    assert.is(Item?.name, 'Kept');
    await second.close();
  } finally {
    rmSync(first.dataDir, { recursive: true, force: true });
  }
});

t('of AWS has its names from the prefix, the same ones as the Terraform', async () => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIA1',
    AWS_SECRET_ACCESS_KEY: 's',
  });
  const installation = await openAwsInstallation('wallcrawler-local', {
    profile: 'ops',
    usesEndpoint: false,
  });
  const { tables, clusters, secrets } = readInfrastructure();
  // The pool is the keeper's: no command works on it.
  const { warmPool, ...known } = tables;
  assert.match(warmPool?.name ?? '', /^wallcrawler-local-/);
  const { projects, apiKeys, sessions, contexts, audit, tokenKeys } = installation;
  const { downloads, extensions, certificates, webhooks, webhookDeliveries, sessionEvents } = installation;
  const ofSessions = [
    sessions,
    downloads,
    extensions,
    certificates,
    webhooks,
    webhookDeliveries,
    sessionEvents,
  ];
  assert.equal(
    [projects, apiKeys, ...ofSessions, contexts, audit, tokenKeys.publicKeys]
      .map(({ tableName }) => tableName)
      .sort(),
    Object.values(known)
      .map(({ name }) => name)
      .sort(),
  );
  assert.equal(
    [installation.browsers?.cluster, tokenKeys.secretId],
    [clusters.browsers.name, secrets.tokenKeys.name],
  );
  assert.match(installation.who, /^.+@.+, access key AKIA1, profile ops$/);
  await installation.close();
});

t.run();

// ---

const tokenKeys = suite('admin token-keys rotate');

tokenKeys('signs with a fresh key and keeps those before it, unless they are dropped', async () => {
  const admin = await openTestInstallation();
  const { secrets, secretId, publicKeys } = admin.installation.tokenKeys;
  const idsNow = async () => {
    const keys = await readTokenKeys(secrets, secretId);
    const published = await getPublicKeys(publicKeys);
    assert.equal(
      Object.keys(published ?? {}).sort(),
      Object.keys(keys?.keys ?? {}).sort(),
      'published as well',
    );
    return { current: keys?.current, all: Object.keys(keys?.keys ?? {}) };
  };
  try {
    const first = /^Tokens are signed with key (\w+) now$/.exec(await admin.run('token-keys', 'rotate'))?.[1];
    assert.equal(await idsNow(), { current: first, all: [first] });
    await admin.run('token-keys', 'rotate');
    const second = await idsNow();
    assert.equal([second.all.length, second.all.includes(first ?? '')], [2, true]);
    const dropped = await admin.run('token-keys', 'rotate', '--drop-earlier');
    assert.match(dropped, /now, and with no other: what was signed before is refused$/);
    assert.is((await idsNow()).all.length, 1);
  } finally {
    await admin.close();
  }
});

tokenKeys.run();
