import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Module } from './module.ts';
import { describeRole } from './roles.ts';

const ARN = 'arn:aws:iam::000000000000:role/reader';

/** A plan that has these resources, by type: each with its arguments. */
const planOf = (resources: Readonly<Record<string, readonly Record<string, string>[]>>): Module =>
  ({
    resources: (type: string) =>
      (resources[type] ?? []).map((values, index) => ({
        address: `${type}.each[${index}]`,
        at: `role.tf:${index + 1}`,
        get: (name: string) => values[name] ?? null,
      })),
  }) as unknown as Module;

const policyOf = (role: string, ...Statement: readonly object[]) => ({
  role,
  policy: JSON.stringify({ Version: '2012-10-17', Statement }),
});
const GET = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: 'arn:a' };
const inCluster = { ArnEquals: { 'ecs:cluster': 'arn:c' } };

const faultOf = (plan: Module): string => {
  try {
    describeRole(plan, ARN);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no fault';
};

const t = suite('a role, read from the Terraform');

t('has the statements of all its policies and of no other’s, each as lists', () => {
  const plan = planOf({
    aws_iam_role_policy: [
      policyOf('reader', { ...GET, Sid: 'Read' }),
      policyOf('old-reader', { ...GET, Action: 'dynamodb:PutItem' }),
      policyOf('reader', { ...GET, Action: ['ecs:ListTasks'], Resource: ['*'], Condition: inCluster }),
    ],
  });
  assert.equal(describeRole(plan, ARN), {
    role: 'reader',
    statements: [
      { Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: ['arn:a'] },
      {
        Effect: 'Allow',
        Action: ['ecs:ListTasks'],
        Resource: ['*'],
        Condition: { ArnEquals: { 'ecs:cluster': ['arn:c'] } },
      },
    ],
  });
});

t('may do nothing without a policy', () => {
  assert.equal(describeRole(planOf({}), ARN), { role: 'reader', statements: [] });
});

t('is a fault where its policy says what one machine would ignore', () => {
  for (const element of ['NotAction', 'NotResource', 'Principal']) {
    const plan = planOf({ aws_iam_role_policy: [policyOf('reader', { ...GET, [element]: 'x' })] });
    assert.match(faultOf(plan), `one machine knows no ${element} in a policy`);
    assert.match(faultOf(plan), 'role.tf:1');
  }
});

t('is a fault where a policy is attached to it that is not seen here', () => {
  const attached = (role: string) => planOf({ aws_iam_role_policy_attachment: [{ role }] });
  assert.match(
    faultOf(attached('reader')),
    /aws_iam_role_policy_attachment.each\[0\] gives a role more than its policy says/,
  );
  assert.is(faultOf(attached('old-reader')), 'no fault');
});

t('may have one statement that is in no list, as IAM allows it', () => {
  const plan = planOf({
    aws_iam_role_policy: [{ role: 'reader', policy: JSON.stringify({ Statement: GET }) }],
  });
  assert.equal(describeRole(plan, ARN).statements, [
    { Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: ['arn:a'] },
  ]);
});

t('keeps what it is refused, and each value of a condition', () => {
  const Condition = { StringLike: { 'aws:a': ['x', 'y'], 'aws:b': 'z' }, Bool: { 'aws:c': 'true' } };
  const plan = planOf({ aws_iam_role_policy: [policyOf('reader', { ...GET, Effect: 'Deny', Condition })] });
  const [statement] = describeRole(plan, ARN).statements;
  assert.ok(statement);
  assert.is(statement.Effect, 'Deny');
  assert.equal(statement.Condition, {
    StringLike: { 'aws:a': ['x', 'y'], 'aws:b': ['z'] },
    Bool: { 'aws:c': ['true'] },
  });
});

t('is a fault where its policy is no JSON', () => {
  const plan = planOf({ aws_iam_role_policy: [{ role: 'reader', policy: '{' }] });
  assert.is(faultOf(plan), 'role.tf:1: aws_iam_role_policy.each[0]: policy is no JSON');
});

t.run();
