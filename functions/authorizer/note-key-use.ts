import type { ApiKey } from '../../core/domain/api-key.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import type { Logger } from '../../core/log/logger.ts';
import { type AuthorizeDeps, authorize, type Decision, type IdentityHeaders } from './authorize.ts';

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
    const unlessAfter = new Date(at.getTime() - CREDENTIALS.keyUseEveryMs);
    if (key.lastUsedAt !== undefined && Date.parse(key.lastUsedAt) > unlessAfter.getTime()) return;
    try {
      await deps.recordKeyUse(key.apiKeyHash, {
        at,
        unlessAfter,
        signal: AbortSignal.timeout(CREDENTIALS.keyUseWriteMs),
      });
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
