import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isAllowed } from './policy.ts';

const ARN = 'arn:aws:execute-api:us-west-2:000000000000:local/$default/GET/v1/sessions';
const allow = (Resource: string | string[], Action: string | string[] = 'execute-api:Invoke') => ({
  Effect: 'Allow',
  Action,
  Resource,
});

const t = suite('isAllowed');

t('needs an Allow whose action and resource match', () => {
  assert.ok(isAllowed({ Statement: [allow(ARN)] }, ARN));
  assert.ok(
    isAllowed({ Statement: [allow('arn:aws:execute-api:*:*:local/$default/*', 'execute-api:*')] }, ARN),
  );
  assert.ok(isAllowed({ Statement: [allow(['other', ARN], ['other', '*'])] }, ARN));
  assert.ok(isAllowed({ Statement: [allow(ARN.replace('GET', 'G?T'))] }, ARN));
  assert.not(isAllowed({}, ARN));
  assert.not(isAllowed({ Statement: [allow(`${ARN}/more`)] }, ARN));
  assert.not(isAllowed({ Statement: [allow(ARN.replace('$default', '.default'))] }, ARN));
  assert.not(isAllowed({ Statement: [allow(ARN, 's3:GetObject')] }, ARN));
});

t('lets a Deny win', () => {
  const deny = { ...allow('*'), Effect: 'Deny' };
  assert.not(isAllowed({ Statement: [allow(ARN), deny] }, ARN));
  assert.ok(isAllowed({ Statement: [allow(ARN), { ...deny, Resource: 'arn:other' }] }, ARN));
});

t.run();
