import type { ApiKey } from '../../core/domain/api-key.ts';
import type { Logger } from '../../core/log/logger.ts';
import { type AuthorizeDeps, authorize, type Decision, type IdentityHeaders } from './authorize.ts';

// "Last used" is for people who ask which key can go: the hour is enough, and a write an hour costs nothing.
const EVERY_MS = 3_600_000;
// A Lambda is frozen when it has answered, so the write is waited for: this long, and no longer.
const LIMIT_MS = 250;

export interface NoteKeyUseDeps extends AuthorizeDeps {
  readonly logger: Logger;
  readonly recordKeyUse: (
    apiKeyHash: string,
    use: { readonly at: Date; readonly unlessAfter: Date; readonly signal: AbortSignal },
  ) => Promise<void>;
}

/** Authorizes, and notes at most once an hour that a key was let through. The decision never depends on the note. */
export const authorizeAndNote = (deps: NoteKeyUseDeps) => {
  const noteUse = async (key: ApiKey): Promise<void> => {
    const at = deps.now();
    const unlessAfter = new Date(at.getTime() - EVERY_MS);
    if (key.lastUsedAt !== undefined && Date.parse(key.lastUsedAt) > unlessAfter.getTime()) return;
    try {
      await deps.recordKeyUse(key.apiKeyHash, { at, unlessAfter, signal: AbortSignal.timeout(LIMIT_MS) });
    } catch (error) {
      deps.logger.warn('the use of a key was not noted', { keyName: key.name, error });
    }
  };
  return async (headers: IdentityHeaders): Promise<Decision> => {
    let found: ApiKey | undefined;
    const findApiKey = async (apiKeyHash: string) => {
      found = await deps.findApiKey(apiKeyHash);
      return found;
    };
    const decision = await authorize({ ...deps, findApiKey })(headers);
    if (decision.kind === 'allow' && found !== undefined) await noteUse(found);
    return decision;
  };
};
