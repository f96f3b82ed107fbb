/** The facts of the Terraform that one machine is built from. */

import { byModule } from './by-module.ts';
import { describeTables } from './describe-tables.ts';
import { describeTasks } from './describe-tasks.ts';
import { describeTopics } from './describe-topics.ts';
import { textFact } from './fact.ts';
import type { Infrastructure, NamedSpec } from './infrastructure.ts';
import type { Module } from './module.ts';
import { openPlatform } from './platform.ts';
import type { Resource } from './resource.ts';
import { ACCOUNT_ID, REGION } from './stand-ins.ts';
import { createFunctionLookup, describeFunctions, describeRules } from './targets.ts';

/** Reads the Terraform of the repository in `root`. Rejects with one sentence about what one machine cannot do. */
export const describePlatform = async (root: string): Promise<Infrastructure> =>
  describeMachine((await openPlatform(root))());

/** What a machine is told of a platform, whoever has evaluated it. */
export function describeMachine(platform: Module): Infrastructure {
  const functionOf = createFunctionLookup(platform);
  const named =
    (argument: string) =>
    (resource: Resource): NamedSpec => ({
      name: textFact(resource, argument),
    });
  const tables = describeTables(platform, functionOf);
  const buckets = platform.resources('aws_s3_bucket');
  const secrets = platform.resources('aws_secretsmanager_secret');
  return {
    region: REGION,
    accountId: ACCOUNT_ID,
    tables,
    buckets: byModule(platform, { resources: buckets, known: ['contexts'] }, named('bucket')),
    ...describeTopics(platform),
    secrets: byModule(platform, { resources: secrets, known: ['tokenKeys'] }, named('name')),
    buses: platform.resources('aws_cloudwatch_event_bus').map(named('name')),
    ...describeTasks(platform),
    ...describeRules(platform, functionOf),
    functions: describeFunctions(platform),
    // The machine's platform is a direct one and has no router module; it can put the router in front all the same.
    router: {
      environment: { SESSIONS_TABLE: tables.sessions.name, PUBLIC_KEYS_TABLE: tables.publicKeys.name },
    },
  };
}
