import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TaskSpec } from '../../../terraform/reader/infrastructure.ts';
import { type EcsCatalogue, RUN_TASK, toRunTask } from './ecs-api.ts';

const definitionOf = (family: string, container: string) =>
  ({ family, container, port: 9223, stopTimeoutSeconds: 1, environment: {} }) as TaskSpec;
const browser = definitionOf('browser', 'controller');
const encoder = definitionOf('encoder', 'ffmpeg');
const catalogue = { clusters: ['browsers', 'encoders'], definitions: [browser, encoder] };

const readRunTask = (given: object, { definitions }: EcsCatalogue) =>
  toRunTask(RUN_TASK.parse(given), { clusters: [], definitions });

const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const capacityProviderStrategy = [{ capacityProvider: 'FARGATE', weight: 1 }];
const input = {
  cluster: 'browsers',
  taskDefinition: 'browser',
  capacityProviderStrategy,
  networkConfiguration,
};
const overridesOf = (name: string, environment: object[]) => ({
  overrides: { containerOverrides: [{ name, environment }] },
});

const t = suite('the input of RunTask');

t('names a task definition by family, with or without a revision, or by ARN', () => {
  const arn = 'arn:aws:ecs:us-west-2:000000000000:task-definition/encoder';
  for (const taskDefinition of ['encoder', 'encoder:3', arn, `${arn}:1`]) {
    assert.is(readRunTask({ ...input, taskDefinition }, catalogue).definition, encoder, taskDefinition);
  }
  assert.throws(() => readRunTask({ ...input, taskDefinition: 'other' }, catalogue), /not found/);
});

t('brings an environment for the container of its definition, and for no other', () => {
  const overrides = overridesOf('ffmpeg', [{ name: 'A', value: '1' }, { name: 'EMPTY' }]);
  const wanted = { ...input, taskDefinition: 'encoder', ...overrides };
  assert.equal(readRunTask(wanted, catalogue).environment, { A: '1', EMPTY: '' });
  assert.throws(
    () => readRunTask({ ...input, ...overrides }, catalogue),
    /container named ffmpeg is not a container in the TaskDefinition/,
  );
  assert.equal(readRunTask(input, catalogue).environment, {});
});

t('says for whom a task is and what it is known by, if it does', () => {
  const { startedBy, clientToken } = readRunTask({ ...input, startedBy: 's', clientToken: 't' }, catalogue);
  assert.equal([startedBy, clientToken], ['s', 't']);
  assert.is(readRunTask(input, catalogue).startedBy, undefined);
});

t('may not be larger than Fargate lets it be', () => {
  const long = overridesOf('controller', [{ name: 'LONG', value: 'x'.repeat(8192) }]);
  assert.throws(() => readRunTask({ ...input, ...long }, catalogue), /at most 8192/);
});

t.run();
