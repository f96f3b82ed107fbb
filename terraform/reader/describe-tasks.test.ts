import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeTasks } from './describe-tasks.ts';
import { faultOf, withModule } from './testing/read-source.ts';

const PORT = 'portMappings = [{ containerPort = 9223 }]';
const containerOf = (...lines: readonly string[]) => `{ name = "controller", ${lines.join(', ')} }`;

/** Cluster and tasks of a platform whose definition has these containers, and these lines. */
const describe = (containers: string, lines = '') =>
  withModule(
    `resource "aws_ecs_cluster" "browsers" {
  name = "local"
}
resource "aws_iam_role" "task" {
  name = "task"
}
resource "aws_ecs_task_definition" "browsers" {
  family = "local-browser"
  container_definitions = jsonencode(${containers})
${lines}
}`,
    describeTasks,
  );

const tasks = suite('tasks, read from the Terraform');

tasks('have a container with its port, environment, roles and time to stop', () => {
  const environment = 'environment = [{ name = "A", value = "1" }, { name = "B", value = "" }]';
  const { clusters, tasks: described } = describe(
    `[${containerOf(PORT, 'stopTimeout = 90', environment)}]`,
    '  execution_role_arn = "arn:aws:iam::0:role/start"\n  task_role_arn = aws_iam_role.task.arn',
  );
  assert.equal(clusters, { browsers: { name: 'local' } });
  assert.equal(described.browsers, {
    family: 'local-browser',
    container: 'controller',
    port: 9223,
    stopTimeoutSeconds: 90,
    environment: { A: '1', B: '' },
    roles: ['arn:aws:iam::0:role/start', 'arn:aws:iam::000000000000:role/task'],
  });
});

tasks('have what ECS has where nothing is written', () => {
  const { browsers } = describe(`[${containerOf(PORT)}]`).tasks;
  assert.equal([browsers.stopTimeoutSeconds, browsers.environment, browsers.roles], [30, {}, []]);
});

const FAULTS: Readonly<Record<string, string>> = {
  'no container': '[]',
  'a sidecar': `[${containerOf(PORT)}, ${containerOf(PORT)}]`,
  'no port': '[{ name = "controller" }]',
  'two ports': `[${containerOf('portMappings = [{ containerPort = 1 }, { containerPort = 2 }]')}]`,
};
for (const [what, containers] of Object.entries(FAULTS)) {
  tasks(`are refused with ${what}`, () =>
    assert.is(
      faultOf(() => describe(containers)),
      'main/a.tf:7: aws_ecs_task_definition.browsers: one machine runs tasks of one container with one port',
    ),
  );
}

tasks('are refused when their containers are no JSON', () => {
  const text = `resource "aws_ecs_cluster" "browsers" {\n  name = "local"\n}
resource "aws_ecs_task_definition" "browsers" {\n  family = "f"\n  container_definitions = "[{"\n}`;
  assert.is(
    faultOf(() => withModule(text, describeTasks)),
    'main/a.tf:4: aws_ecs_task_definition.browsers: container_definitions is no JSON',
  );
});

tasks('are refused when nothing is called browsers', () => {
  assert.is(
    faultOf(() => withModule('resource "aws_ecs_cluster" "encoders" {\n  name = "e"\n}', describeTasks)),
    'main: one machine looks for browsers, and there is encoders',
  );
  assert.is(
    faultOf(() => withModule('locals {}', describeTasks)),
    'main: one machine looks for browsers, and there is nothing',
  );
});

tasks.run();
