// The router's task: Terraform sets the variables that it reads.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { readRouterConfig } from '../../router/config.ts';
import { jsonFact } from '../../terraform/reader/fact.ts';
import { openPlatform } from '../../terraform/reader/platform.ts';
import { ROUTED } from '../../terraform/reader/stand-ins.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const platform = (await openPlatform(ROOT))(ROUTED);

interface Container {
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

const [task] = platform
  .resources('aws_ecs_task_definition')
  .filter(({ address }) => address.startsWith('module.router'));
const environment = Object.fromEntries(
  (task === undefined ? [] : jsonFact<readonly Container[]>(task, 'container_definitions')).flatMap(
    (container) => container.environment.map(({ name, value }) => [name, value]),
  ),
);

const router = suite('variables of the router');

router('Terraform sets what it cannot do without, and nothing that it does not read', () => {
  const read = new Set<string>();
  const watched = new Proxy(environment, {
    get(target, name) {
      read.add(String(name));
      return Reflect.get(target, name);
    },
  });
  readRouterConfig(watched);
  createProcessLogger('router', watched);
  assert.ok(read.size > 0);
  assert.equal(
    Object.keys(environment).filter((name) => !read.has(name)),
    [],
  );
});

router.run();
