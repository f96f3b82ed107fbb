import { type Access, type ApiKey, isUsable } from '../../core/domain/api-key.ts';
import { isOwnedBy } from '../../core/domain/ownership.ts';
import { hashApiKey, isApiKeyText } from '../../core/tokens/api-key-text.ts';
import type { KeyRefusal } from './key-refusals.ts';

/** Names of the request headers in lower case. */
export type IdentityHeaders = Readonly<Record<string, string | undefined>>;

export type Decision =
  | { readonly kind: 'unauthorized'; readonly refusal: KeyRefusal }
  /** The key is good, and opens no such project. */
  | { readonly kind: 'forbidden'; readonly keyName: string; readonly named: string }
  | { readonly kind: 'allow'; readonly keyName: string; readonly access: Access };

export interface AuthorizeDeps {
  readonly findApiKey: (apiKeyHash: string) => Promise<ApiKey | undefined>;
  readonly now: () => Date;
}

// The edge writes this where the client sent nothing (edge/viewer-request.js).
const ABSENT = '-';

/**
 * Which projects a request may touch. Nothing but the key is read: a project that the key does not open is denied
 * without a look at whether it exists.
 */
export const authorize =
  ({ findApiKey, now }: AuthorizeDeps) =>
  async (headers: IdentityHeaders): Promise<Decision> => {
    const keys = sentValues(headers, ['x-bb-api-key', 'x-wc-api-key']);
    const [apiKey] = keys;
    if (apiKey === undefined) return refuse('missing');
    if (keys.length > 1) return refuse('ambiguous');
    if (!isApiKeyText(apiKey)) return refuse('malformed');
    const key = await findApiKey(hashApiKey(apiKey));
    if (key === undefined) return refuse('unknown');
    if (!isUsable(key, now())) return refuse(whyUnusable(key));

    const named = sentValues(headers, ['x-bb-project-id', 'x-wc-project-id']);
    const projectId = named[0] ?? key.defaultProjectId;
    if (named.length > 1 || !isOwnedBy(key.projectIds, { projectId })) {
      return { kind: 'forbidden', keyName: key.name, named: named.join(', ') || projectId };
    }
    return { kind: 'allow', keyName: key.name, access: { projectId, projectIds: key.projectIds } };
  };

const whyUnusable = ({ status }: ApiKey): KeyRefusal => (status === 'ACTIVE' ? 'expired' : 'revoked');

const refuse = (refusal: KeyRefusal): Decision => ({ kind: 'unauthorized', refusal });

/** What was sent under any of `names`; the same value under two names counts once. */
function sentValues(headers: IdentityHeaders, names: readonly string[]): string[] {
  const sent = names.map((name) => headers[name]?.trim()).filter((value) => value && value !== ABSENT);
  return [...new Set(sent)] as string[];
}
