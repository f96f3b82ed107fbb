/** Whether the policy of a role allows a request, as AWS evaluates it. */
import type { PolicyStatement, RoleSpec } from '../../../terraform/reader/infrastructure.ts';

/** One action on one resource, with what conditions may ask about it. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly conditions?: Readonly<Record<string, string>>;
}

export type Decision =
  | { readonly effect: 'allowed'; readonly by: PolicyStatement }
  | { readonly effect: 'not allowed' | 'denied' };

const applies = (statement: PolicyStatement, { action, resource, conditions = {} }: AccessRequest): boolean =>
  statement.Action.some((pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase())) &&
  statement.Resource.some((pattern) => matchesPattern(pattern, resource)) &&
  holds(statement, conditions);

/** A Deny that applies wins; without an Allow that applies the answer is no. */
export function decide(statements: readonly PolicyStatement[], request: AccessRequest): Decision {
  const applying = statements.filter((statement) => applies(statement, request));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return { effect: 'denied' };
  const [by] = applying;
  return by === undefined ? { effect: 'not allowed' } : { effect: 'allowed', by };
}

/** As in IAM: `*` stands for any characters, `?` for one. */
function matchesPattern(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

/** A policy says what this stand-in cannot decide on. */
export class UnknownPolicyElement extends Error {
  override readonly name = 'UnknownPolicyElement';
}

/** The operators that our Terraform uses; any other is refused at the start. */
const OPERATORS: Readonly<Record<string, (value: string, wanted: readonly string[]) => boolean>> = {
  StringEquals: (value, wanted) => wanted.includes(value),
  ArnEquals: (value, wanted) => wanted.some((pattern) => matchesPattern(pattern, value)),
};

/** All conditions must hold. A key that the request does not have makes its condition fail. */
const holds = ({ Condition = {} }: PolicyStatement, values: Readonly<Record<string, string>>): boolean =>
  Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const value = values[key];
      return value !== undefined && OPERATORS[operator]?.(value, wanted) === true;
    }),
  );

/** Throws for an operator or a policy variable that would be ignored otherwise. */
export function requireKnown({ role, statements }: RoleSpec): void {
  for (const { Resource, Condition = {} } of statements) {
    for (const operator of Object.keys(Condition)) {
      if (!Object.hasOwn(OPERATORS, operator))
        throw new UnknownPolicyElement(
          `The role ${role} has a condition ${operator}, which is not known here`,
        );
    }
    const texts = [...Resource, ...Object.values(Condition).flatMap(Object.values).flat()];
    const variable = texts.find((text) => /\$\{/.test(text));
    if (variable !== undefined)
      throw new UnknownPolicyElement(
        `The role ${role} has a policy variable, which is not known here: ${variable}`,
      );
  }
}
