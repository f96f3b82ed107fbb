/** IAM: refuses what a principal's role does not allow, and remembers which of its rights were used. */
import type { PolicyStatement } from '../../../terraform/reader/infrastructure.ts';
import { type AccessRequest, decide } from './decide.ts';
import type { Principal } from './principals.ts';
import { type AwsAccount, requestsOf, type ServiceCall } from './requests.ts';
import { USED_BY_AWS } from './used-by-aws.ts';

export interface Access {
  /** Who holds an access key id. */
  principalOf(accessKeyId: string): Principal | undefined;
  /** Why `principal` may not make `call`, in AWS's words; undefined when it may. */
  refusalOf(principal: Principal, call: ServiceCall): string | undefined;
  /** A sentence for each right that was granted and never used so far. */
  unusedRights(): string[];
}

export function createAccess(principals: ReadonlyMap<string, Principal>, account: AwsAccount): Access {
  const byKeyId = new Map([...principals.values()].map((each) => [each.credentials.accessKeyId, each]));
  const used = new Map<PolicyStatement, Set<string>>();

  function refusalOfRequest(principal: Principal, request: AccessRequest): string | undefined {
    const decision = decide(principal.statements, request);
    if (decision.effect !== 'allowed') return describeRefusal(principal, request, decision.effect);
    const actions = used.get(decision.by) ?? new Set();
    used.set(decision.by, actions.add(request.action));
    return undefined;
  }

  return {
    principalOf: (accessKeyId) => byKeyId.get(accessKeyId),
    refusalOf(principal, call) {
      for (const request of requestsOf(call, account)) {
        const refusal = refusalOfRequest(principal, request);
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    },
    unusedRights: () =>
      [...principals.values()].flatMap(({ name, statements }) =>
        statements
          .filter(({ Effect }) => Effect === 'Allow')
          .flatMap((statement) =>
            statement.Action.filter((action) => !(action in USED_BY_AWS))
              .filter((action) => used.get(statement)?.has(action) !== true)
              .map((action) => `${name}: ${action} on ${statement.Resource.join(', ')}`),
          ),
      ),
  };
}

const describeRefusal = (
  { arn }: Principal,
  { action, resource }: AccessRequest,
  effect: 'not allowed' | 'denied',
): string => {
  const because =
    effect === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
};
