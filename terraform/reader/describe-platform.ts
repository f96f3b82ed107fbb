/** The facts of the Terraform that one machine is built from. */

import { byModule } from './by-module.ts';
import { describeBuckets } from './describe-buckets.ts';
import { describeTables } from './describe-tables.ts';
import { describeTasks } from './describe-tasks.ts';
import { describeTopics } from './describe-topics.ts';
import { describeWorkQueues } from './describe-work-queues.ts';
import { TerraformFault } from './expression.ts';
import { textFact } from './fact.ts';
import type { Infrastructure, NamedSpec, RoleSpec } from './infrastructure.ts';
import type { Module } from './module.ts';
import { openPlatform } from './platform.ts';
import type { Resource } from './resource.ts';
import { describeRole } from './roles.ts';
import { ACCOUNT_ID, REGION, ROUTED } from './stand-ins.ts';
import { createFunctionLookup, describeFunctions, describeRules } from './targets.ts';

/** Reads the Terraform of the repository in `root`. Rejects with one sentence about what one machine cannot do. */
export async function describePlatform(root: string): Promise<Infrastructure> {
  const plan = await openPlatform(root);
  const machine = describeMachine(plan());
  const { sessions, publicKeys } = machine.tables;
  return {
    ...machine,
    // The machine's platform is a direct one and has no router module; it can put the router in front all the same.
    router: {
      environment: { SESSIONS_TABLE: sessions.name, PUBLIC_KEYS_TABLE: publicKeys.name },
      ...describeRouterRole(plan(ROUTED)),
    },
  };
}

/** The rights of the router's own process, not of ECS that starts it. */
function describeRouterRole(platform: Module): RoleSpec {
  const [task, ...others] = platform
    .resources('aws_ecs_task_definition')
    .filter(({ address }) => address.startsWith('module.router[0].'));
  if (task !== undefined && others.length === 0)
    return describeRole(platform, textFact(task, 'task_role_arn'));
  throw new TerraformFault(platform.at, 'module.router[0] has no task definition, or more than one');
}

/** What a machine is told of a platform, whoever has evaluated it. */
export function describeMachine(platform: Module): Omit<Infrastructure, 'router'> {
  const functionOf = createFunctionLookup(platform);
  const named =
    (argument: string) =>
    (resource: Resource): NamedSpec => ({
      name: textFact(resource, argument),
    });
  const { topics, queues } = describeTopics(platform);
  const secrets = platform.resources('aws_secretsmanager_secret');
  return {
    region: REGION,
    accountId: ACCOUNT_ID,
    tables: describeTables(platform, functionOf),
    buckets: describeBuckets(platform),
    topics,
    queues: [...queues, ...describeWorkQueues(platform, functionOf)],
    secrets: byModule(platform, { resources: secrets, known: ['tokenKeys'] }, named('name')),
    buses: platform.resources('aws_cloudwatch_event_bus').map(named('name')),
    ...describeTasks(platform),
    ...describeRules(platform, functionOf),
    functions: describeFunctions(platform),
  };
}
