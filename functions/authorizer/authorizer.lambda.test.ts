import { marshall } from '@aws-sdk/util-dynamodb';
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { openAwsEndpoint } from '../testing/aws-endpoint.ts';

const KEY = 'wc_0123456789abcdef0123';
const stored = {
  apiKeyHash: hashApiKey(KEY),
  name: 'ci',
  projectIds: ['p1', 'p2'],
  defaultProjectId: 'p2',
  status: 'ACTIVE',
  createdAt: '2026-01-01T00:00:00.000Z',
};

const aws = await openAwsEndpoint({ API_KEYS_TABLE: 'keys' }, ({ body }) =>
  body.Key.apiKeyHash.S === stored.apiKeyHash ? { Item: marshall(stored) } : {},
);
const { handler } = await import('./authorizer.lambda.ts');

const call = (apiKey: string) =>
  handler({
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:us-west-2:123456789012:api/prod/GET/v1/sessions',
    headers: { 'X-BB-API-Key': apiKey },
    requestContext: { requestId: 'req-1' },
  } as unknown as APIGatewayRequestAuthorizerEvent);

const wired = suite('the authorizer as it is deployed');

wired('looks the hash of a key up in its table, and never sends the key', async () => {
  const { context, principalId } = await call(KEY);
  assert.equal([principalId, context], ['ci', { projectId: 'p2', projectIds: 'p1,p2' }]);
  assert.equal(aws.names(), ['DynamoDB_20120810.GetItem', 'DynamoDB_20120810.UpdateItem']);
  assert.equal(aws.calls[1]?.body.Key, { apiKeyHash: { S: stored.apiKeyHash } });
  assert.is(aws.calls[0]?.body.TableName, 'keys');
  assert.not.match(JSON.stringify(aws.calls), KEY);
});

wired('refuses a key that is not there', async () => {
  const { context, policyDocument } = await call('unknown-key');
  assert.match(String(context?.message), 'unknown');
  assert.is(policyDocument.Statement[0]?.Effect, 'Deny');
});

wired.after(() => aws.close());
wired.run();
