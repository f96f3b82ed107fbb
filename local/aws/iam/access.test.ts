import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as z from 'zod';
import type { PolicyStatement } from '../../../terraform/reader/infrastructure.ts';
import { createS3Api } from '../s3/s3-api.ts';
import { createSnsApi } from '../sns-sqs/sns-api.ts';
import { closeOpenThings } from '../testing/open-things.ts';
import {
  CREDENTIALS,
  createListLogger,
  rejectionOf,
  serveServices,
  withFolder,
} from '../testing/serve-services.ts';
import { createJsonService, operation } from '../wire/json-service.ts';
import { createAccess } from './access.ts';
import { createPrincipals } from './principals.ts';

const account = { region: 'us-west-2', accountId: '000000000000', taskRoles: [] };
const SECRET = 'arn:aws:secretsmanager:us-west-2:000000000000:secret:keys';
const allow = (Action: string[], ...Resource: string[]): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
});

const accessOf = (statements: readonly PolicyStatement[]) => {
  const roles = { reader: { role: 'wallcrawler-reader', statements } };
  const principals = createPrincipals(roles, { owner: CREDENTIALS, accountId: account.accountId });
  const { credentials } = principals.get('reader') ?? assert.unreachable('it is there') ?? {};
  return { access: createAccess(principals, account), credentials: credentials ?? CREDENTIALS };
};

const secretsmanager = createJsonService({
  targetPrefix: 'secretsmanager',
  version: '1.1',
  invalidInput: 'InvalidParameterException',
  operations: {
    GetSecretValue: operation(z.object({ SecretId: z.string() }), ({ SecretId }) => ({
      SecretString: `value of ${SecretId}`,
    })),
  },
});

/** What a caller with these statements meets at the endpoint. */
async function serve(statements: readonly PolicyStatement[], folder = '/nowhere') {
  const { access, credentials } = accessOf(statements);
  const { logger, lines } = createListLogger();
  const sns = createSnsApi({ topics: [{ arn: 'arn', subscriptions: [] }], queues: new Map() });
  const services = {
    secretsmanager,
    sns,
    ...(folder === '/nowhere'
      ? {}
      : {
          s3: createS3Api({
            buckets: [{ name: 'bucket', expiry: [], oldVersionDays: null, readableFrom: [] }],
            folder,
            now: () => new Date(),
          }),
        }),
  };
  const served = await serveServices(services, { access, logger });
  return { ...served, client: { ...served.client, credentials }, owner: served.client, access, lines };
}

const t = suite('access');
t.after.each(closeOpenThings);

t('is given to what the role of the caller’s key allows, and to all that the owner asks', async () => {
  const { client, owner, lines } = await serve([allow(['secretsmanager:GetSecretValue'], SECRET)]);
  for (const [from, SecretId] of [
    [client, 'keys'],
    [owner, 'keys'],
    [owner, 'others'],
  ] as const) {
    const answer = await new SecretsManagerClient(from).send(new GetSecretValueCommand({ SecretId }));
    assert.is(answer.SecretString, `value of ${SecretId}`);
  }
  assert.equal(lines, []);
});

t('is refused in AWS’s words, which are in the log as well', async () => {
  const { client, lines } = await serve([allow(['secretsmanager:GetSecretValue'], SECRET)]);
  const sdk = new SecretsManagerClient(client);
  const error = await rejectionOf(sdk.send(new GetSecretValueCommand({ SecretId: 'others' })));
  assert.is(error.name, 'AccessDeniedException');
  assert.is(error.$metadata?.httpStatusCode, 400);
  const sentence =
    'User: arn:aws:sts::000000000000:assumed-role/wallcrawler-reader/reader is not authorized to perform: ' +
    `secretsmanager:GetSecretValue on resource: ${SECRET.replace('keys', 'others')} because no identity-based ` +
    'policy allows the secretsmanager:GetSecretValue action';
  assert.is(error.message, sentence);
  assert.is((JSON.parse(lines[0] ?? '') as { refusal: string }).refusal, sentence);
});

t('is refused by each protocol in its own code', async () => {
  const { client } = await serve([]);
  const publish = new PublishCommand({ TopicArn: 'arn', Message: 'x' });
  const error = await rejectionOf(new SNSClient(client).send(publish));
  assert.is(error.name, 'AuthorizationErrorException');
  assert.is(error.$metadata?.httpStatusCode, 403);
});

t('is refused where a statement denies it', async () => {
  const { client } = await serve([
    allow(['secretsmanager:GetSecretValue'], '*'),
    { Effect: 'Deny', Action: ['secretsmanager:*'], Resource: [SECRET] },
  ]);
  const sdk = new SecretsManagerClient(client);
  const error = await rejectionOf(sdk.send(new GetSecretValueCommand({ SecretId: 'keys' })));
  assert.match(error.message, /with an explicit deny in an identity-based policy$/);
});

t('by a presigned URL is that of who signed it', () =>
  withFolder(async (folder) => {
    const { client, owner } = await serve([allow(['s3:PutObject'], 'arn:aws:s3:::bucket/mine/*')], folder);
    const put = async (from: typeof client, Key: string) => {
      const s3 = new S3Client({ ...from, requestChecksumCalculation: 'WHEN_REQUIRED' });
      const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'bucket', Key }), { expiresIn: 60 });
      return fetch(url, { method: 'PUT', body: 'x' });
    };
    assert.is((await put(client, 'mine/a')).status, 200);
    assert.is((await put(owner, 'other')).status, 200);
    const refused = await put(client, 'other');
    assert.is(refused.status, 403);
    assert.match(
      await refused.text(),
      /<Code>AccessDenied<\/Code>.*s3:PutObject on resource: arn:aws:s3:::bucket\/other/,
    );
  }),
);

t('to what is not there is refused to who may not list the bucket', () =>
  withFolder(async (folder) => {
    const read = allow(['s3:GetObject'], 'arn:aws:s3:::bucket/*');
    const get = new GetObjectCommand({ Bucket: 'bucket', Key: 'none' });
    const blind = await serve([read], folder);
    assert.is((await rejectionOf(new S3Client(blind.client).send(get))).name, 'AccessDenied');
    await blind.close();
    const seeing = await serve([read, allow(['s3:ListBucket'], 'arn:aws:s3:::bucket')], folder);
    assert.is((await rejectionOf(new S3Client(seeing.client).send(get))).name, 'NoSuchKey');
  }),
);

t('is noted: what was never used is told, but for what AWS uses itself', async () => {
  const TABLE = 'arn:aws:dynamodb:us-west-2:000000000000:table/a';
  const { access, credentials } = accessOf([
    allow(['dynamodb:GetItem', 'dynamodb:PutItem'], TABLE),
    allow(['dynamodb:GetItem'], TABLE),
    allow(['sqs:ReceiveMessage'], 'arn:q0', 'arn:q1'),
    allow(['logs:PutLogEvents'], 'arn:log'),
    { Effect: 'Deny', Action: ['dynamodb:Scan'], Resource: ['*'] },
  ]);
  const principal = access.principalOf(credentials.accessKeyId) ?? assert.unreachable('it has a key');
  assert.ok(principal);
  const call = { service: 'dynamodb', operation: 'GetItem', input: { TableName: 'a' } };
  assert.is(principal && access.refusalOf(principal, call), undefined);
  assert.equal(access.unusedRights(), [
    `reader: dynamodb:PutItem on ${TABLE}`,
    // The second time: one of the two is too much.
    `reader: dynamodb:GetItem on ${TABLE}`,
    'reader: sqs:ReceiveMessage on arn:q0, arn:q1',
  ]);
});

t('goes by keys that are each principal’s own, and the same after a restart', () => {
  const roles = { a: { role: 'r-a', statements: [] }, b: { role: 'r-b', statements: [] } };
  const make = () => [...createPrincipals(roles, { owner: CREDENTIALS, accountId: '1' }).values()];
  assert.equal(make(), make());
  const [a, b] = make();
  assert.not.equal(a?.credentials, b?.credentials);
  assert.match(a?.credentials.accessKeyId ?? '', /^AKIA[0-9A-F]{16}$/);
  assert.is(a?.arn, 'arn:aws:sts::1:assumed-role/r-a/a');
});

t.run();
