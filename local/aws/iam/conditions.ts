/** The conditions of a statement, as far as our Terraform uses them; what is not known here is refused at the start. */
import type { PolicyStatement, RoleSpec } from '../../../terraform/reader/infrastructure.ts';
import { matchesPattern } from './matches-pattern.ts';

/** A policy says what this stand-in cannot decide on. */
export class UnknownPolicyElement extends Error {
  override readonly name = 'UnknownPolicyElement';
}

const OPERATORS: Readonly<Record<string, (value: string, wanted: readonly string[]) => boolean>> = {
  StringEquals: (value, wanted) => wanted.includes(value),
  ArnEquals: (value, wanted) => wanted.some((pattern) => matchesPattern(pattern, value)),
};

/** All conditions must hold. A key that the request does not have makes its condition fail. */
export const holds = (
  { Condition = {} }: PolicyStatement,
  values: Readonly<Record<string, string>>,
): boolean =>
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
