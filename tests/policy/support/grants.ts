/** What the Terraform gives a function: the statements of its role, and its environment. */
import { TerraformFault } from '../../../terraform/reader/expression.ts';
import { inBlock, jsonFact, textFact, textsFact } from '../../../terraform/reader/fact.ts';
import type { Module } from '../../../terraform/reader/module.ts';
import type { Resource } from '../../../terraform/reader/resource.ts';
import { arnOf, bundleOf } from '../../../terraform/reader/targets.ts';

export interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

export interface Grants {
  readonly file: string;
  readonly statements: readonly Statement[];
  readonly environment: Readonly<Record<string, string>>;
  readonly isFedByStream: boolean;
  readonly hasDeadLetters: boolean;
}

/** The grants of every function of a platform, by bundle. */
export function readGrants(platform: Module): Readonly<Record<string, Grants>> {
  const mappings = platform.resources('aws_lambda_event_source_mapping');
  const fed = new Set(mappings.map((mapping) => textFact(mapping, 'function_name')));
  const policies = platform.resources('aws_iam_role_policy');
  return Object.fromEntries(
    platform.resources('aws_lambda_function').map((lambda) => {
      const call = lambda.address.replace(/\.aws_lambda_function\..*$/, '');
      const role = textFact(lambda, 'role');
      refuseAttachments(platform, role);
      const statements = policies
        .filter((policy) => role.endsWith(`:role/${textFact(policy, 'role')}`))
        .flatMap((policy) => jsonFact<{ Statement: readonly Statement[] }>(policy, 'policy').Statement);
      return [
        bundleOf(lambda),
        {
          file: fileOf(platform, call),
          statements,
          environment: environmentOf(lambda),
          isFedByStream: fed.has(arnOf(lambda)),
          hasDeadLetters: platform
            .resources('aws_sqs_queue')
            .some(({ address }) => address.startsWith(`${call}.aws_sqs_queue.dead_letters`)),
        },
      ];
    }),
  );
}

const environmentOf = (lambda: Resource): Record<string, string> =>
  Object.assign(
    {},
    ...lambda.blocks('environment').map((block) => textsFact(inBlock(lambda, block), 'variables')),
  );

/** The file that calls the function's module: where its rights are written. */
const fileOf = (platform: Module, address: string): string =>
  platform.module(address.replace(/^module\./, '')).at.replace(/:\d+$/, '');

/** A policy that is attached is not seen here. */
function refuseAttachments(platform: Module, role: string): void {
  for (const attachment of platform.resources('aws_iam_role_policy_attachment')) {
    if (role.endsWith(`:role/${textFact(attachment, 'role')}`)) {
      throw new TerraformFault(
        attachment.at,
        `${attachment.address} gives a function more than its policy says`,
      );
    }
  }
}
