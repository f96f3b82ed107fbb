/** The roles of functions and tasks: what their policies say. */
import { TerraformFault } from './expression.ts';
import { jsonFact, textFact } from './fact.ts';
import type { PolicyStatement, RoleSpec } from './infrastructure.ts';
import type { Module } from './module.ts';

type OneOrMore = string | readonly string[];

/** Of a statement; whatever else a policy can say is a fault. */
const ELEMENTS = ['Sid', 'Effect', 'Action', 'Resource', 'Condition'];

interface WrittenStatement {
  readonly Effect: PolicyStatement['Effect'];
  readonly Action: OneOrMore;
  readonly Resource: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

/** The role behind an ARN, with the statements of all its policies. */
export function describeRole(platform: Module, roleArn: string): RoleSpec {
  const isOfRole = (name: string): boolean => roleArn.endsWith(`:role/${name}`);
  for (const attachment of platform.resources('aws_iam_role_policy_attachment')) {
    if (!isOfRole(textFact(attachment, 'role'))) continue;
    throw new TerraformFault(attachment.at, `${attachment.address} gives a role more than its policy says`);
  }
  const statements = platform
    .resources('aws_iam_role_policy')
    .filter((policy) => isOfRole(textFact(policy, 'role')))
    .flatMap((policy) =>
      [jsonFact<{ Statement: WrittenStatement | readonly WrittenStatement[] }>(policy, 'policy').Statement]
        .flat()
        .map((statement) => {
          const other = Object.keys(statement).find((element) => !ELEMENTS.includes(element));
          if (other === undefined) return normalise(statement);
          throw new TerraformFault(policy.at, `${policy.address}: one machine knows no ${other} in a policy`);
        }),
    );
  return { role: roleArn.slice(roleArn.lastIndexOf('/') + 1), statements };
}

const listOf = (value: OneOrMore): readonly string[] => [value].flat();

const normalise = ({ Effect, Action, Resource, Condition }: WrittenStatement): PolicyStatement => ({
  Effect,
  Action: listOf(Action),
  Resource: listOf(Resource),
  ...(Condition === undefined ? {} : { Condition: mapValues(Condition, (keys) => mapValues(keys, listOf)) }),
});

const mapValues = <T, R>(map: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
