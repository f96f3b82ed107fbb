// What each role is given, by the Terraform alone. That it is what the code needs, and no more, tests/long/rights.test.ts
// finds out by doing it.
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { textFact } from '../../terraform/reader/fact.ts';
import type { FunctionSpec, PolicyStatement } from '../../terraform/reader/infrastructure.ts';
import type { Module } from '../../terraform/reader/module.ts';
import { openPlatform } from '../../terraform/reader/platform.ts';
import type { Resource } from '../../terraform/reader/resource.ts';
import { ROUTED } from '../../terraform/reader/stand-ins.ts';
import { arnOf, bundleOf, describeFunctions } from '../../terraform/reader/targets.ts';
import { UNNAMED_RESOURCES } from './support/exceptions.ts';

const ROOT = join(import.meta.dirname, '..', '..');
// The controller is none of them: it runs in a task without a role.
const entries = globSync('functions/**/*.lambda.ts', { cwd: ROOT }).map((path) =>
  basename(path, '.lambda.ts'),
);
const plan = await openPlatform(ROOT);
const platforms: Readonly<Record<string, Module>> = { direct: plan(), router: plan(ROUTED) };

const actionsOf = ({ statements }: FunctionSpec): string[] =>
  statements.flatMap(({ Action }) => Action).sort();
// The public address of a task is in no event; a router needs none.
const ONLY_DIRECT = 'ec2:DescribeNetworkInterfaces';
const OF_STREAMS = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

const policy = suite('the role of each function');

for (const [connect, platform] of Object.entries(platforms)) {
  const functions = describeFunctions(platform);
  const each = Object.entries(functions);
  const inForm = `with connect = "${connect}"`;

  policy(`is there, and none besides, ${inForm}`, () => {
    assert.equal(Object.keys(functions).sort(), entries.sort());
    assert.is(new Set(each.map(([, { role }]) => role)).size, each.length);
  });

  policy(`lets Lambda write its log and its traces, ${inForm}`, () => {
    for (const [name, { role, statements }] of each) {
      const logs = statements.find(({ Action }) => Action.includes('logs:PutLogEvents'));
      assert.equal(logs?.Action, ['logs:CreateLogStream', 'logs:PutLogEvents'], name);
      assert.match(logs?.Resource.join() ?? '', new RegExp(`:log-group:/aws/lambda/${role}:\\*$`));
      assert.ok(
        statements.some(({ Action }) => Action.includes('xray:PutTraceSegments')),
        name,
      );
    }
  });

  policy(
    `lets Lambda read the stream or the queue that feeds the function, and keep dead letters where there is a queue, ${inForm}`,
    () => {
      const mappings = platform.resources('aws_lambda_event_source_mapping');
      const feeds = (service: string, lambda: Resource) =>
        mappings.some(
          (each) =>
            textFact(each, 'function_name') === arnOf(lambda) &&
            textFact(each, 'event_source_arn').startsWith(`arn:aws:${service}:`),
        );
      const queues = platform.resources('aws_sqs_queue').map(({ address }) => address);
      for (const lambda of platform.resources('aws_lambda_function')) {
        const spec = functions[bundleOf(lambda)] as FunctionSpec;
        const actions = actionsOf(spec);
        const streams = OF_STREAMS.filter((call) => actions.includes(`dynamodb:${call}`));
        assert.equal(streams, feeds('dynamodb', lambda) ? OF_STREAMS : [], bundleOf(lambda));
        // Lambda asks for the attributes of a queue; nobody else does.
        assert.is(actions.includes('sqs:GetQueueAttributes'), feeds('sqs', lambda), bundleOf(lambda));
        const deadLetters = lambda.address.replace(
          /\.aws_lambda_function\..*$/,
          '.aws_sqs_queue.dead_letters',
        );
        const isKept = queues.some((address) => address.startsWith(deadLetters));
        const keeps = spec.statements.some(
          ({ Action, Resource }) =>
            Action.includes('sqs:SendMessage') && Resource.every((arn) => arn.endsWith('-dead-letters')),
        );
        assert.is(keeps, isKept, bundleOf(lambda));
      }
    },
  );

  policy(`only allows, and names what it is about, ${inForm}`, () => {
    for (const [name, { statements }] of each)
      for (const statement of statements) assertNamed(name, statement);
  });
}

function assertNamed(name: string, { Effect, Action, Resource, Condition }: PolicyStatement): void {
  assert.is(Effect, 'Allow', name);
  if (Resource.includes('*'))
    assert.equal(
      Action.filter((action) => !(action in UNNAMED_RESOURCES)),
      [],
      name,
    );
  if (Action.some((action) => action.startsWith('ecs:')))
    assert.match(Condition?.ArnEquals?.['ecs:cluster']?.join() ?? '', /:cluster\/[\w-]+$/, name);
}

policy('is the same behind a router, but for the right to look up public addresses', () => {
  const [direct, router] = Object.values(platforms).map(describeFunctions);
  for (const [name, spec] of Object.entries(direct ?? {})) {
    const expected = actionsOf(spec).filter((action) => action !== ONLY_DIRECT);
    assert.equal(actionsOf(router?.[name] as FunctionSpec), expected, name);
  }
  const asking = Object.entries(direct ?? {}).filter(([, spec]) => actionsOf(spec).includes(ONLY_DIRECT));
  assert.equal(
    asking.map(([name]) => name),
    ['task-processor'],
  );
});

policy.run();
