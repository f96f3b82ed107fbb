/** Whether the policy of a role allows a request, as AWS evaluates it. */
import type { PolicyStatement } from '../../../terraform/reader/infrastructure.ts';
import { holds } from './conditions.ts';
import { matchesPattern } from './matches-pattern.ts';

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
