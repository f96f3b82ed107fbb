import { AppError } from '../../core/domain/errors.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { publicKeysOf, TokenError } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import type { ContainerAuthenticationDeps } from './authenticate-container.ts';

/** The warm id that a container without a session speaks for: its token's, which must be the one in the path. */
export async function authenticateWarmContainer(
  { loadTokenKeys, now }: ContainerAuthenticationDeps,
  { bearerToken, pathId }: Pick<ApiRequest, 'bearerToken' | 'pathId'>,
): Promise<string> {
  if (bearerToken === undefined) throw new AppError('CONTAINER_UNAUTHORIZED');
  const publicKeys = publicKeysOf(await loadTokenKeys());
  try {
    // Of a warm token the subject is the warm id.
    return verifyToken(publicKeys, bearerToken, { audience: 'warm', sessionId: pathId, now: now() })
      .sessionId;
  } catch (error) {
    if (error instanceof TokenError) throw new AppError('CONTAINER_UNAUTHORIZED', [], { cause: error });
    throw error;
  }
}
