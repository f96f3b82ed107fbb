/** IAM: refuses what a principal's role does not allow, and remembers which of its rights were used. */
import type { PolicyStatement } from '../../../terraform/reader/infrastructure.ts';
import { type AccessRequest, decide } from './decide.ts';
import type { Principal } from './principals.ts';
import { type AwsAccount, requestsOf, type ServiceCall } from './requests.ts';

/** Rights that a role needs though its code never asks for them on one machine, and why. */
const USED_BY_AWS: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'Lambda writes the log',
  'logs:PutLogEvents': 'Lambda writes the log',
  'xray:PutTraceSegments': 'Lambda sends the traces',
  'xray:PutTelemetryRecords': 'Lambda sends the traces',
  'dynamodb:DescribeStream': 'Lambda reads the stream',
  'dynamodb:GetRecords': 'Lambda reads the stream',
  'dynamodb:GetShardIterator': 'Lambda reads the stream',
  'dynamodb:ListStreams': 'Lambda reads the stream',
  'sqs:SendMessage': 'Lambda keeps what could not be processed',
  'sqs:GetQueueAttributes': 'Lambda works the queue off',
  'ec2:DescribeNetworkInterfaces': 'the address in the event of a task is the one that clients use here',
};

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

const BECAUSE = {
  denied: () => 'with an explicit deny in an identity-based policy',
  'not allowed': (action: string) => `because no identity-based policy allows the ${action} action`,
};

const describeRefusal = (
  { arn }: Principal,
  { action, resource }: AccessRequest,
  effect: keyof typeof BECAUSE,
): string =>
  `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${BECAUSE[effect](action)}`;
