import type { ApiRequest } from '../../../core/http/request.ts';
import { newRequest } from '../../../core/testing/new-request.ts';
import { rotateKeySet } from '../../../core/tokens/key-set.ts';
import { signToken } from '../../../core/tokens/sign-token.ts';
import type { TokenAudience } from '../../../core/tokens/tokens.ts';

export const NOW = new Date('2026-06-01T00:00:00.000Z');
export const keySet = rotateKeySet(undefined, NOW);

/** What every route of the container API needs to know its container. */
export const authentication = { loadTokenKeys: async () => keySet, now: () => NOW };

/** A token of the session `s1`, good for a minute from NOW. */
export const containerToken = (
  sessionId = 's1',
  audience: TokenAudience = 'controller',
  warmId?: string,
): string =>
  signToken(keySet, keySet.current, audience, {
    sessionId,
    projectId: 'p1',
    expiresAt: new Date(NOW.getTime() + 60_000),
    ...(warmId === undefined ? {} : { warmId }),
  });

/** What the container of `s1` sends. */
export const containerRequest = <Body>(body: Body, warmId?: string): ApiRequest<Body> =>
  newRequest({
    body,
    pathId: 's1',
    bearerToken: containerToken('s1', 'controller', warmId),
    access: { projectId: '', projectIds: [] },
  });
