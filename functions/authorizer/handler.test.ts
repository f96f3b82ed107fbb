import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordLog } from '../../core/testing/record-log.ts';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { authorize, type Decision, type IdentityHeaders } from './authorize.ts';
import { createHandler } from './handler.ts';
import { KEY_REFUSALS, type KeyRefusal } from './key-refusals.ts';

const event = (headers: Record<string, string | undefined> | null = {}) =>
  ({
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:us-west-2:123456789012:api/prod/POST/v1/sessions',
    headers,
    requestContext: { requestId: 'req-1' },
  }) as unknown as APIGatewayRequestAuthorizerEvent;

/** Runs the handler, of which the key lookup decides `decision`. */
async function run(decision: Decision | Error, incoming = event()) {
  const seen: IdentityHeaders[] = [];
  const log = recordLog();
  const handler = createHandler({
    logger: log.logger,
    authorize: async (headers) => {
      seen.push(headers);
      if (decision instanceof Error) throw decision;
      return decision;
    },
  });
  const outcome = await handler(incoming).then(
    (policy) => ({ policy, error: undefined }),
    (error: Error) => ({ policy: undefined, error }),
  );
  return { ...outcome, seen, log };
}

const access = { projectId: 'p1', projectIds: ['p1', 'p2'] };

const DENIED: Decision = { kind: 'unauthorized', refusal: 'unknown' };

const handling = suite('the authorizer');

handling('lets a request through with what its key opens, as text', async () => {
  const { policy, log } = await run({ kind: 'allow', keyName: 'ci', access });
  assert.equal(policy, {
    principalId: 'ci',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: 'Allow',
          Resource: 'arn:aws:execute-api:us-west-2:123456789012:api/prod/*',
        },
      ],
    },
    context: { projectId: 'p1', projectIds: 'p1,p2' },
  });
  assert.equal(log.lines(), []);
});

handling('denies the whole stage to who has no usable key, with the sentence of its 401', async () => {
  for (const refusal of Object.keys(KEY_REFUSALS) as KeyRefusal[]) {
    const { policy } = await run({ kind: 'unauthorized', refusal });
    const [statement] = policy?.policyDocument.Statement ?? [];
    assert.is(statement?.Effect, 'Deny');
    assert.match(JSON.stringify(statement), 'api/prod/*');
    assert.equal([policy?.principalId, policy?.context], ['denied', { message: KEY_REFUSALS[refusal] }]);
  }
});

handling('lets a good key through with no project when it opens none of the name', async () => {
  const { policy } = await run({ kind: 'forbidden', keyName: 'ci', named: 'n'.repeat(500) });
  const [statement] = policy?.policyDocument.Statement ?? [];
  assert.equal([statement?.Effect, policy?.principalId], ['Allow', 'ci']);
  assert.equal(policy?.context, { forbiddenProject: 'n'.repeat(100) });
});

handling('throws a failure of ours as it is: no 401 for a key that could not be looked up', async () => {
  const fault = new Error('throttled');
  const { error } = await run(fault);
  assert.is(error, fault);
});

handling('reads headers by their names in any case, and none where there are none', async () => {
  const { seen } = await run(DENIED, event({ 'X-BB-API-Key': 'k', 'x-wc-project-id': undefined }));
  assert.equal(seen, [{ 'x-bb-api-key': 'k', 'x-wc-project-id': undefined }]);
  assert.equal((await run(DENIED, event(null))).seen, [{}]);
});

handling('logs a refusal under its request, without the key', async () => {
  const log = recordLog();
  const now = new Date();
  const handler = createHandler({
    logger: log.logger,
    authorize: authorize({ findApiKey: async () => undefined, now: () => now }),
  });
  await handler(event({ 'x-bb-api-key': 'hunter2-hunter2' }));
  assert.is(log.lines().length, 1);
  const { requestId, level, refusal } = log.lines()[0] ?? {};
  assert.equal([requestId, level, refusal], ['req-1', 'info', 'unknown']);
  assert.not.match(log.text(), 'hunter2');
  assert.not.match(log.text(), hashApiKey('hunter2-hunter2'));
});

handling.run();
