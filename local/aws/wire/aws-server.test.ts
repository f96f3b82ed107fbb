import { createHash, createHmac } from 'node:crypto';
import { request as sendRequest } from 'node:http';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Hash, SourceData } from '@smithy/types';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as z from 'zod';
import { createSnsApi } from '../sns-sqs/sns-api.ts';
import { closeOpenThings } from '../testing/open-things.ts';
import {
  CREDENTIALS,
  createListLogger,
  REGION,
  rejectionOf,
  serveServices,
} from '../testing/serve-services.ts';
import { createJsonService, operation } from './json-service.ts';

const server = suite('AWS endpoint');
server.after.each(closeOpenThings);

const secrets = createJsonService({
  targetPrefix: 'secretsmanager',
  version: '1.1',
  invalidInput: 'InvalidParameterException',
  operations: {
    GetSecretValue: operation(z.object({ SecretId: z.string().optional() }), (input) => ({
      SecretString: `value of ${input.SecretId}`,
    })),
    DescribeSecret: operation(z.object({}), () => {
      throw new TypeError('a bug, with an inner detail');
    }),
  },
});
const s3 = { protocol: 'rest-xml' as const, handle: async () => assert.unreachable('S3 was reached') };
const sns = createSnsApi({ topics: [], queues: new Map() });
const services = { secretsmanager: secrets, s3, sns };

const raw = (endpoint: string, headers: Record<string, string>, body = '{}', method = 'POST') =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const outgoing = sendRequest(endpoint, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

const toBytes = (data: SourceData): Uint8Array =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);

class Sha256 implements Hash {
  readonly #hash;
  constructor(key?: SourceData) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', toBytes(key));
  }
  update(data: SourceData) {
    this.#hash.update(toBytes(data));
  }
  async digest() {
    return new Uint8Array(this.#hash.digest());
  }
  reset() {}
}

const TARGET = 'secretsmanager.GetSecretValue';

/** Headers of a rightly signed call, for a test to spoil. */
async function signedHeaders(endpoint: string, body: string): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: 'secretsmanager',
    region: REGION,
    credentials: CREDENTIALS,
    sha256: Sha256,
  });
  const { host, hostname } = new URL(endpoint);
  const headers = { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': TARGET };
  const request = { method: 'POST', protocol: 'http:', hostname, path: '/', query: {}, headers, body };
  return (await signer.sign(request)).headers;
}

server('takes the call of a real client', async () => {
  const { client, close } = await serveServices(services);
  const sdk = new SecretsManagerClient(client);
  const answer = await sdk.send(new GetSecretValueCommand({ SecretId: 'keys/ü +%' }));
  assert.is(answer.SecretString, 'value of keys/ü +%');
  sdk.destroy();
  await close();
});

server(
  'refuses a wrong secret, a wrong key id and a wrong region, in the words of each protocol',
  async () => {
    const { client, close } = await serveServices(services);
    const cases = [
      [
        { credentials: { ...CREDENTIALS, secretAccessKey: 'x' } },
        'InvalidSignatureException',
        'SignatureDoesNotMatch',
      ],
      [
        { credentials: { ...CREDENTIALS, accessKeyId: 'AKIAOTHER' } },
        'UnrecognizedClientException',
        'InvalidAccessKeyId',
      ],
      [{ region: 'eu-west-1' }, 'IncompleteSignatureException', 'AuthorizationHeaderMalformed'],
    ] as const;
    for (const [change, jsonName, s3Name] of cases) {
      const json = new SecretsManagerClient({ ...client, ...change });
      const storage = new S3Client({ ...client, ...change });
      assert.is((await rejectionOf(json.send(new GetSecretValueCommand({ SecretId: 'a' })))).name, jsonName);
      assert.is(
        (await rejectionOf(storage.send(new GetObjectCommand({ Bucket: 'bbb', Key: 'a' })))).name,
        s3Name,
      );
    }
    const topics = new SNSClient({ ...client, credentials: { ...CREDENTIALS, secretAccessKey: 'x' } });
    const error = await rejectionOf(topics.send(new PublishCommand({ TopicArn: 'arn', Message: 'a' })));
    assert.is(error.name, 'SignatureDoesNotMatch');
    assert.is(error.$metadata?.httpStatusCode, 403);
    await close();
  },
);

server(
  'refuses a call that is signed for another body, header or time, and takes the same call unspoilt',
  async () => {
    const { endpoint, close } = await serveServices(services);
    const body = '{"SecretId":"a"}';
    const headers = await signedHeaders(endpoint, body);
    assert.is((await raw(endpoint, headers, body)).status, 200);
    const spoilt = [
      [headers, '{"SecretId":"b"}'],
      [{ ...headers, 'x-amz-target': 'secretsmanager.DescribeSecret' }, body],
      [{ ...headers, 'x-amz-security-token': 'unsigned' }, body],
      [{ ...headers, 'x-amz-date': '20000101T000000Z' }, body],
      [
        {
          ...headers,
          authorization: headers.authorization?.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) ?? '',
        },
        body,
      ],
    ] as const;
    for (const [changed, sent] of spoilt) {
      const answer = await raw(endpoint, changed, sent);
      assert.is(answer.status, 400);
      assert.match(answer.body, /SignatureException/);
    }
    await close();
  },
);

server('refuses a call that was signed too long ago', async () => {
  let now = new Date();
  const { endpoint, close } = await serveServices(services, { now: () => now });
  const headers = await signedHeaders(endpoint, '{}');
  now = new Date(Date.now() + 16 * 60_000);
  const answer = await raw(endpoint, headers, '{}');
  assert.match(answer.body, /Signature expired/);
  await close();
});

server('refuses what is not signed at all, and a page that comes under a host name of its own', async () => {
  const { endpoint, close } = await serveServices(services);
  const unsigned = await raw(endpoint, { 'x-amz-target': TARGET }, '{}');
  assert.match(unsigned.body, /MissingAuthenticationTokenException/);
  const storage = await raw(`${endpoint}/bucket/key`, {}, '', 'GET');
  assert.is(storage.status, 403);
  assert.match(storage.body, /<Code>AccessDenied<\/Code>/);
  const rebound = await raw(endpoint, { ...(await signedHeaders(endpoint, '{}')), host: 'evil.example' });
  assert.is(rebound.status, 403);
  assert.match(rebound.body, /loopback/);
  await close();
});

server('names an operation that it does not support', async () => {
  const { client, close } = await serveServices(services);
  const json = await rejectionOf(new SecretsManagerClient(client).send(new ListSecretsCommand({})));
  assert.is(json.name, 'UnknownOperationException');
  assert.match(json.message, /ListSecrets/);
  const query = await rejectionOf(new SNSClient(client).send(new ListTopicsCommand({})));
  assert.is(query.name, 'InvalidAction');
  assert.match(query.message, /ListTopics/);
  await close();
});

server('keeps what went wrong inside to its own log', async () => {
  const { logger, lines } = createListLogger();
  const { endpoint, close } = await serveServices(services, { logger });
  const signer = new SignatureV4({
    service: 'secretsmanager',
    region: REGION,
    credentials: CREDENTIALS,
    sha256: Sha256,
  });
  const { host, hostname } = new URL(endpoint);
  const headers = { host, 'x-amz-target': 'secretsmanager.DescribeSecret' };
  const request = { method: 'POST', protocol: 'http:', hostname, path: '/', query: {}, headers, body: '{}' };
  const answer = await raw(endpoint, (await signer.sign(request)).headers);
  assert.is(answer.status, 500);
  assert.not.match(answer.body, /inner detail/);
  assert.match(lines.join(), /inner detail/);
  await close();
});

server.run();
