import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PolicyStatement } from '../../../terraform/reader/infrastructure.ts';
import { type AccessRequest, decide, requireKnown, UnknownPolicyElement } from './decide.ts';

const TABLE = 'arn:aws:dynamodb:us-west-2:000000000000:table/things';
const CLUSTER = 'arn:aws:ecs:us-west-2:000000000000:cluster/browsers';
const statement = (change: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: 'Allow',
  Action: ['dynamodb:GetItem'],
  Resource: [TABLE],
  ...change,
});
const get: AccessRequest = { action: 'dynamodb:GetItem', resource: TABLE };
const inCluster = { ArnEquals: { 'ecs:cluster': [CLUSTER] } };
const list = (conditions: Record<string, string>): AccessRequest => ({
  action: 'ecs:ListTasks',
  resource: '*',
  conditions,
});
const mayList = statement({ Action: ['ecs:ListTasks'], Resource: ['*'], Condition: inCluster });

type Case = readonly [statements: readonly PolicyStatement[], request: AccessRequest, effect: string];
const CASES: Readonly<Record<string, Case>> = {
  'what a statement names': [[statement()], get, 'allowed'],
  'what no statement names': [[], get, 'not allowed'],
  'another action': [[statement()], { ...get, action: 'dynamodb:PutItem' }, 'not allowed'],
  'an action in other letters, which are the same to IAM': [
    [statement({ Action: ['DynamoDB:getitem'] })],
    get,
    'allowed',
  ],
  'another table': [[statement()], { ...get, resource: `${TABLE}-of-others` }, 'not allowed'],
  'an index by the right on its table': [
    [statement()],
    { ...get, resource: `${TABLE}/index/a` },
    'not allowed',
  ],
  'one of several resources': [[statement({ Resource: ['arn:x', TABLE] })], get, 'allowed'],
  'what a pattern holds': [[statement({ Resource: [TABLE.replace('things', 'th*')] })], get, 'allowed'],
  'what a pattern of one character holds': [
    [statement({ Resource: [`${TABLE.slice(0, -1)}?`] })],
    get,
    'allowed',
  ],
  'dots as dots': [[statement({ Resource: [TABLE.replace('things', 'th.ngs')] })], get, 'not allowed'],
  'what is denied elsewhere': [
    [statement(), statement({ Effect: 'Deny', Action: ['dynamodb:*'], Resource: ['*'] })],
    get,
    'denied',
  ],
  'a condition that holds': [[mayList], list({ 'ecs:cluster': CLUSTER }), 'allowed'],
  'a condition on another value': [[mayList], list({ 'ecs:cluster': `${CLUSTER}-2` }), 'not allowed'],
  'a condition on what the request does not say': [[mayList], list({}), 'not allowed'],
  'a text that must be equal': [
    [statement({ Condition: { StringEquals: { 'iam:PassedToService': ['a', 'b'] } } })],
    { ...get, conditions: { 'iam:PassedToService': 'b' } },
    'allowed',
  ],
  'all of several conditions': [
    [statement({ Condition: { ...inCluster, StringEquals: { x: ['1'] } } })],
    { ...get, conditions: { 'ecs:cluster': CLUSTER, x: '2' } },
    'not allowed',
  ],
};

const t = suite('a decision of IAM');

for (const [what, [statements, request, effect]] of Object.entries(CASES)) {
  t(`about ${what}: ${effect}`, () => assert.is(decide(statements, request).effect, effect));
}

t('names the first statement that allows', () => {
  const [first, second] = [statement(), statement()];
  const decision = decide([first, second], get);
  assert.is(decision.effect === 'allowed' && decision.by, first);
});

t('is not begun on what would be ignored', () => {
  const role = (change: Partial<PolicyStatement>) => ({ role: 'reader', statements: [statement(change)] });
  requireKnown(role({ Condition: inCluster }));
  const unknown: readonly [Partial<PolicyStatement>, RegExp][] = [
    [{ Condition: { StringLike: { x: ['a*'] } } }, /The role reader has a condition StringLike/],
    [{ Condition: { 'ForAllValues:StringEquals': { x: ['a'] } } }, /a condition ForAllValues:StringEquals/],
    [{ Resource: [`arn:aws:s3:::b/\${aws:username}/*`] }, /policy variable, .*aws:username/],
  ];
  for (const [change, sentence] of unknown) {
    try {
      requireKnown(role(change));
      assert.unreachable();
    } catch (error) {
      assert.instance(error, UnknownPolicyElement);
      assert.match((error as Error).message, sentence);
    }
  }
});

t.run();
