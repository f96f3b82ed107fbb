/** Clusters, and the task definitions that run in them. */

import { byModule } from './by-module.ts';
import { TerraformFault } from './expression.ts';
import { jsonFact, textFact } from './fact.ts';
import type { Infrastructure, TaskSpec } from './infrastructure.ts';
import type { Module } from './module.ts';
import type { Resource } from './resource.ts';

interface Container {
  readonly name: string;
  readonly stopTimeout?: number;
  readonly portMappings: readonly { readonly containerPort: number }[];
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
}

/** What ECS waits for where a definition says nothing. */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

const known = ['browsers'] as const;

export const describeTasks = (platform: Module): Pick<Infrastructure, 'clusters' | 'tasks'> => ({
  clusters: byModule(platform, { resources: platform.resources('aws_ecs_cluster'), known }, (cluster) => ({
    name: textFact(cluster, 'name'),
  })),
  tasks: byModule(
    platform,
    { resources: platform.resources('aws_ecs_task_definition'), known },
    describeTask,
  ),
});

function describeTask(definition: Resource): TaskSpec {
  const [container, ...sidecars] = jsonFact<readonly Container[]>(definition, 'container_definitions');
  const [mapping, ...morePorts] = container?.portMappings ?? [];
  if (!container || !mapping || sidecars.length > 0 || morePorts.length > 0) {
    const what = 'one machine runs tasks of one container with one port';
    throw new TerraformFault(definition.at, `${definition.address}: ${what}`);
  }
  return {
    family: textFact(definition, 'family'),
    container: container.name,
    port: mapping.containerPort,
    stopTimeoutSeconds: container.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS,
    environment: Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name, value])),
    roles: ['execution_role_arn', 'task_role_arn'].flatMap((name) =>
      definition.get(name) === null ? [] : [textFact(definition, name)],
    ),
  };
}
