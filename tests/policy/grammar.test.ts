// Every policy of the Terraform says what IAM understands, and no more than IAM lets it: by AWS's own list of actions, the
// kinds of resources each can be held to, and the keys that a condition on it may name.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openTerraform } from '../../terraform/reader/platform.ts';
import { ACCOUNT_ID, ENVIRONMENT, ROUTED } from '../../terraform/reader/stand-ins.ts';
import { documentTypes, type PolicyStatement, readDocuments } from './support/documents.ts';
import { grammarFaults } from './support/grammar.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BOOTSTRAP = {
  repository: 'owner/name',
  oidc_provider_arn: `arn:aws:iam::${ACCOUNT_ID}:oidc-provider/token.actions.githubusercontent.com`,
};
const types = documentTypes(ROOT);
const plan = await openTerraform(ROOT);
const platform = (variables: object) => plan('terraform/modules/platform', { ...ENVIRONMENT, ...variables });
const documents = {
  'the platform, connect = "direct"': readDocuments(platform({}), types),
  'the platform, connect = "router"': readDocuments(platform(ROUTED), types),
  'the bootstrap': readDocuments(plan('terraform/bootstrap', BOOTSTRAP), types),
};

const grammar = suite('the policies');

for (const [where, found] of Object.entries(documents)) {
  grammar(`of ${where} say what IAM understands, and name what they are about`, async () => {
    assert.ok(found.length > 5);
    const faults = await Promise.all(found.map(grammarFaults));
    assert.is(faults.flat().join('\n'), '');
  });
}

const TABLE = `arn:aws:dynamodb:us-west-2:${ACCOUNT_ID}:table/sessions`;
const FAULTS: Readonly<Record<string, readonly [Partial<PolicyStatement>, string]>> = {
  'an action that does not exist': [{ Action: 'dynamodb:GetItems' }, 'IAM knows no action dynamodb:GetItems'],
  'a service that does not exist': [{ Action: 'dynamo:GetItem' }, 'IAM knows no action dynamo:GetItem'],
  'a wildcard in an action': [{ Action: 'dynamodb:Get*' }, 'dynamodb:Get* allows whatever AWS adds to it'],
  'every resource': [{ Resource: '*' }, 'dynamodb:GetItem can be held to a resource'],
  'a resource of another kind': [
    { Resource: 'arn:aws:s3:::bucket/key' },
    'dynamodb:GetItem cannot be allowed on arn:aws:s3:::bucket/key; it can on',
  ],
  'a part of a table for what reads the table': [
    { Action: 'dynamodb:GetItem', Resource: `${TABLE}/index/by-name` },
    `dynamodb:GetItem cannot be allowed on ${TABLE}/index/by-name; it can on`,
  ],
  'a resource for an action that knows none': [
    { Action: 'xray:PutTraceSegments' },
    'xray:PutTraceSegments is allowed on * or not at all',
  ],
  'a key that the action has not': [
    { Condition: { ArnEquals: { 'ecs:cluster': 'x' } } },
    'dynamodb:GetItem has no condition key ecs:cluster',
  ],
  'no resource': [{ Resource: [] }, 'it is about nothing'],
  'everything of a kind': [
    { Resource: `arn:aws:dynamodb:us-west-2:${ACCOUNT_ID}:table/*` },
    `arn:aws:dynamodb:us-west-2:${ACCOUNT_ID}:table/* names nothing`,
  ],
  'every bucket': [
    { Action: 's3:GetObject', Resource: 'arn:aws:s3:::*/*' },
    'arn:aws:s3:::*/* names nothing',
  ],
  'all actions but some': [{ NotAction: 'iam:*' }, 'it allows all that it does not name'],
  'all resources but some': [{ NotResource: TABLE }, 'it allows on all that it does not name'],
};
for (const [name, [change, expected]] of Object.entries(FAULTS)) {
  grammar(`are searched for ${name}`, async () => {
    const statement = { Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: [TABLE], ...change };
    const found = await grammarFaults({ name: 'a role', at: 'role.tf:1', statements: [statement] });
    assert.is(found.length, 1, found.join('\n'));
    assert.ok(found[0]?.startsWith(`a role (role.tf:1): ${expected}`), found[0]);
  });
}

grammar('may deny by wildcards', async () => {
  const denied = { Effect: 'Deny', Action: ['s3:*', 'dynamodb:PartiQL*'], Resource: ['*'] };
  assert.equal(await grammarFaults({ name: 'a role', at: 'role.tf:1', statements: [denied] }), []);
});

grammar.run();
