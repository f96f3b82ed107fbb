import { WARM_VARIABLES, type WarmEnvironment } from '../../core/domain/container-environment.ts';
import { WARM } from '../../core/domain/timing.ts';
import type { WarmContainer } from '../../core/domain/warm-container.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf, type TokenKeySet } from '../../core/tokens/tokens.ts';

/** Everything a warm container learns at its start: who it is, until when, its own token, and public keys only. */
export function warmEnvironment({
  container: { warmId, tokenKeyId, expiresAt },
  keySet,
  apiUrl,
}: {
  readonly container: WarmContainer;
  readonly keySet: TokenKeySet;
  readonly apiUrl: string;
}): WarmEnvironment {
  const until = new Date(Date.parse(expiresAt) + WARM.overdueMs);
  return {
    [WARM_VARIABLES.warmId]: warmId,
    // Of no project: it has no session yet.
    [WARM_VARIABLES.warmToken]: signToken(keySet, tokenKeyId, 'warm', {
      sessionId: warmId,
      projectId: '',
      expiresAt: until,
    }),
    [WARM_VARIABLES.warmUntil]: until.toISOString(),
    [WARM_VARIABLES.containerApiUrl]: apiUrl,
    [WARM_VARIABLES.tokenPublicKeys]: JSON.stringify(publicKeysOf(keySet)),
  };
}
