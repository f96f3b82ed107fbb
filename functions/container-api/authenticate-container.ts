import { AppError } from '../../core/domain/errors.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { publicKeysOf, TokenError, type TokenKeySet, verifyToken } from '../../core/tokens/tokens.ts';

export type LoadTokenKeys = () => Promise<TokenKeySet>;

/**
 * The session that a container speaks for: the one its token is bound to, which must be the one in the path. A token
 * for another session reads as no token.
 */
export async function authenticateContainer(
  loadTokenKeys: LoadTokenKeys,
  { bearerToken, pathId }: Pick<ApiRequest, 'bearerToken' | 'pathId'>,
): Promise<string> {
  if (bearerToken === undefined) throw new AppError('CONTAINER_UNAUTHORIZED');
  const publicKeys = publicKeysOf(await loadTokenKeys());
  try {
    return verifyToken(publicKeys, bearerToken, { audience: 'controller', sessionId: pathId }).sessionId;
  } catch (error) {
    if (error instanceof TokenError) throw new AppError('CONTAINER_UNAUTHORIZED', [], { cause: error });
    throw error;
  }
}
