// The router's task: the rights of its role are those of its calls, and its variables are those that it reads.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readRouterConfig } from '../../router/config.ts';
import { jsonFact, textFact } from '../../terraform/reader/fact.ts';
import { openPlatform } from '../../terraform/reader/platform.ts';
import { ROUTED } from '../../terraform/reader/stand-ins.ts';
import { type Right, rightsOf } from './support/compare.ts';
import type { Statement } from './support/grants.ts';
import { readLiveCode } from './support/live-code.ts';
import { readNeeds } from './support/needs.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const { router: code } = await readLiveCode(ROOT, { router: 'router/index.ts' });
const platform = (await openPlatform(ROOT))(ROUTED);

interface Container {
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

const ofRouter = (type: string) =>
  platform.resources(type).filter(({ address }) => address.startsWith('module.router'));
const [task] = ofRouter('aws_ecs_task_definition');
const taskRole = task === undefined ? '' : textFact(task, 'task_role_arn');
const statements = ofRouter('aws_iam_role_policy')
  .filter((policy) => taskRole.endsWith(`:role/${textFact(policy, 'role')}`))
  .flatMap((policy) => jsonFact<{ Statement: readonly Statement[] }>(policy, 'policy').Statement);
const environment = Object.fromEntries(
  (task === undefined ? [] : jsonFact<readonly Container[]>(task, 'container_definitions')).flatMap(
    (container) => container.environment.map(({ name, value }) => [name, value]),
  ),
);

const said = (rights: readonly Right[]): string[] =>
  [...new Set(rights.map(({ action, on }) => `${action} on ${on}`))].sort();

const router = suite('rights and variables of the router');

router('its role allows what its code calls, on the tables that it calls, and nothing else', () => {
  assert.ok(code);
  const { actions, riddles } = readNeeds(code);
  assert.equal(riddles, []);
  const given = rightsOf({ statements, environment });
  assert.ok(given.length > 0);
  assert.equal(said(given), said(actions));
});

router('Terraform sets what it cannot do without, and nothing that it does not read', () => {
  const read = new Set<string>();
  readRouterConfig(
    new Proxy(environment, {
      get(target, name) {
        read.add(String(name));
        return Reflect.get(target, name);
      },
    }),
  );
  assert.equal(
    Object.keys(environment).filter((name) => !read.has(name)),
    [],
  );
});

router.run();
