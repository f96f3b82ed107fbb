import { AppError } from '../../core/domain/errors.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { requireSession } from '../../core/http/require-owned.ts';
import { type PublicKeys, type TokenClaims, TokenError } from '../../core/tokens/tokens.ts';
import { keyIdOf, verifyToken } from '../../core/tokens/verify-token.ts';
import type { ReplayDeps } from './list-replays.ts';
import { requireRecorded } from './require-recording.ts';

export interface LinkDeps {
  /** As they are published now: where a key was taken back, its links end at once. */
  readonly getPublicKeys: () => Promise<PublicKeys>;
  readonly now: () => Date;
}

const WHY = { expired: 'has expired', other: 'is not valid' } as const;

/** What the link of a replay is for. Throws an AppError for one that is not ours, or not any more. */
export async function openReplayLink(
  { getPublicKeys, now }: LinkDeps,
  { pathIds: { token = '' } }: Pick<ApiRequest, 'pathIds'>,
): Promise<Pick<TokenClaims, 'sessionId' | 'projectId'>> {
  try {
    // What is no token costs no read.
    const keys = keyIdOf(token) === '' ? {} : await getPublicKeys();
    return verifyToken(keys, token, { audience: 'replay', now: now() });
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const why = error.fault === 'expired' ? WHY.expired : WHY.other;
    throw new AppError('REPLAY_LINK_REFUSED', [why], { cause: error });
  }
}

/** The session that a link shows, if it is there and was recorded. */
export async function requireReplay(
  deps: LinkDeps & Pick<ReplayDeps, 'getSession' | 'keptDays'>,
  request: Pick<ApiRequest, 'pathIds'>,
): Promise<Session> {
  const { sessionId, projectId } = await openReplayLink(deps, request);
  const session = await requireSession(deps.getSession, projectId, sessionId);
  requireRecorded(session, deps.keptDays, deps.now().getTime());
  return session;
}
