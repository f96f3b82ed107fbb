import { type Access, type ApiKey, isUsable } from '../../core/domain/api-key.ts';
import { isOwnedBy } from '../../core/domain/ownership.ts';
import { hashApiKey, MAX_API_KEY_CHARACTERS } from '../../core/tokens/api-key-text.ts';

/** Names of the request headers in lower case. */
export type IdentityHeaders = Readonly<Record<string, string | undefined>>;

export type Decision =
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'deny' }
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
    if (apiKey === undefined || keys.length > 1 || apiKey.length > MAX_API_KEY_CHARACTERS) {
      return { kind: 'unauthorized' };
    }
    const key = await findApiKey(hashApiKey(apiKey));
    if (key === undefined || !isUsable(key, now())) return { kind: 'unauthorized' };

    const named = sentValues(headers, ['x-bb-project-id', 'x-wc-project-id']);
    const projectId = named[0] ?? key.defaultProjectId;
    if (named.length > 1 || !isOwnedBy(key.projectIds, { projectId })) return { kind: 'deny' };
    return { kind: 'allow', keyName: key.name, access: { projectId, projectIds: key.projectIds } };
  };

/** What was sent under any of `names`; the same value under two names counts once. */
function sentValues(headers: IdentityHeaders, names: readonly string[]): string[] {
  const sent = names.map((name) => headers[name]?.trim()).filter((value) => value && value !== ABSENT);
  return [...new Set(sent)] as string[];
}
