import type { ContainerRef } from '../../core/domain/container-ref.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type LoadTokenKeys, publicKeysOf, TokenError } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';

export interface ContainerAuthenticationDeps {
  readonly loadTokenKeys: LoadTokenKeys;
  readonly now: () => Date;
}

/**
 * Which container speaks, on every route of the container API, and for which session: the one its token is bound to,
 * which must be the one in the path. A token for another session reads as no token. Whether the session still names this
 * container is a condition of each write: isContainerOf (core/domain/container-ref.ts).
 */
export async function authenticateContainer(
  { loadTokenKeys, now }: ContainerAuthenticationDeps,
  { bearerToken, pathId, note }: Pick<ApiRequest, 'bearerToken' | 'pathId' | 'note'>,
): Promise<ContainerRef> {
  if (bearerToken === undefined) throw new AppError('CONTAINER_UNAUTHORIZED');
  const publicKeys = publicKeysOf(await loadTokenKeys());
  try {
    const wanted = { audience: 'controller', sessionId: pathId, now: now() } as const;
    const { sessionId, warmId, projectId, requestId } = verifyToken(publicKeys, bearerToken, wanted);
    note({ projectId, requestId });
    return { sessionId, warmId };
  } catch (error) {
    if (error instanceof TokenError) throw new AppError('CONTAINER_UNAUTHORIZED', [], { cause: error });
    throw error;
  }
}
