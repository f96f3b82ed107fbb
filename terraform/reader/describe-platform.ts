/** The facts of the Terraform that one machine is built from. */

import { describeTables, describeTopic } from './describe-data.ts';
import { TerraformFault } from './expression.ts';
import { jsonFact, textFact } from './fact.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { Module } from './module.ts';
import { openPlatform } from './platform.ts';
import type { Resource } from './resource.ts';
import { describeRole } from './roles.ts';
import { ACCOUNT_ID, REGION, ROUTED } from './stand-ins.ts';
import { createFunctionLookup, describeFunctions, describeRules } from './targets.ts';

/** Reads the Terraform of the repository in `root`. Rejects with one sentence about what one machine cannot do. */
export async function describePlatform(root: string): Promise<Infrastructure> {
  const plan = await openPlatform(root);
  const platform = plan();
  const functionOf = createFunctionLookup(platform);
  const nameOf = (name: string) => String(platform.module(name).output('name'));
  return {
    region: REGION,
    accountId: ACCOUNT_ID,
    tables: describeTables(platform, functionOf),
    contextsBucket: nameOf('contexts_bucket'),
    ...describeTopic(platform),
    tokenKeysSecret: nameOf('token_keys'),
    publicKeysTable: nameOf('public_keys'),
    // The machine's platform is a direct one and has no router module; it can put the router in front all the same.
    routerEnvironment: { SESSIONS_TABLE: nameOf('sessions'), PUBLIC_KEYS_TABLE: nameOf('public_keys') },
    routerRole: describeRouterRole(plan(ROUTED)),
    eventBus: eventBusOf(platform),
    cluster: nameOf('browsers'),
    taskDefinition: describeTask(platform, 'module.browsers'),
    ...describeRules(platform, functionOf),
    functions: describeFunctions(platform),
  };
}

function eventBusOf(platform: Module): string {
  const [bus, ...others] = platform.resources('aws_cloudwatch_event_bus');
  if (bus !== undefined && others.length === 0) return textFact(bus, 'name');
  throw new TerraformFault(platform.at, 'a machine has one event bus besides the default one');
}

/** The right of the router's own process, not of ECS that starts it. */
const describeRouterRole = (platform: Module): Infrastructure['routerRole'] =>
  describeRole(platform, textFact(onlyTask(platform, 'module.router[0]'), 'task_role_arn'));

interface Container {
  readonly name: string;
  readonly stopTimeout: number;
  readonly portMappings: readonly { readonly containerPort: number }[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

/** The task that a module runs, by the address of the module. */
function describeTask(platform: Module, address: string): Infrastructure['taskDefinition'] {
  const definition = onlyTask(platform, address);
  const [container, ...sidecars] = jsonFact<readonly Container[]>(definition, 'container_definitions');
  const port = container?.portMappings[0]?.containerPort;
  if (!container || port === undefined || sidecars.length > 0) {
    throw new TerraformFault(platform.at, `${address} is not one task of one container with one port`);
  }
  return {
    family: textFact(definition, 'family'),
    container: container.name,
    proxyPort: port,
    stopTimeoutSeconds: container.stopTimeout,
    environment: Object.fromEntries(container.environment.map(({ name, value }) => [name, value])),
    roles: ['execution_role_arn', 'task_role_arn'].flatMap((name) =>
      definition.get(name) === null ? [] : [textFact(definition, name)],
    ),
  };
}

function onlyTask(platform: Module, address: string): Resource {
  const [definition, ...others] = platform
    .resources('aws_ecs_task_definition')
    .filter((each) => each.address.startsWith(`${address}.`));
  if (definition !== undefined && others.length === 0) return definition;
  throw new TerraformFault(platform.at, `${address} has no task definition, or more than one`);
}
