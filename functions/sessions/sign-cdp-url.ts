import { type ConnectEndpoint, connectDetailsOf, connectEndpointOf } from '../../core/domain/connect-url.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { canSignFor } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { LoadTokenKeys, TokenClaims } from '../../core/tokens/tokens.ts';
import { expiryOf, requireAddress } from './session-life.ts';

export interface SignCdpUrlDeps {
  readonly getSession: Find<Session>;
  readonly loadTokenKeys: LoadTokenKeys;
  readonly publicConnectOrigin: string | undefined;
  readonly now: () => Date;
}

export interface SignCdpUrlBody {
  readonly expiresIn?: number;
  /** `full`: as the connectUrl. `guest`: all but the browser's end. `page`: one page. `view`: to see one page. */
  readonly rights?: 'full' | 'guest' | 'page' | 'view';
  readonly pageId?: string;
}

/** POST /v1/sessions/{id}/cdp-url: a URL for a client, with a life and rights of its own. */
export const signCdpUrl =
  ({ getSession, loadTokenKeys, publicConnectOrigin, now }: SignCdpUrlDeps) =>
  async ({ access, pathId, body }: ApiRequest<SignCdpUrlBody>): Promise<ApiResponse> => {
    const { rights = 'full', pageId, expiresIn } = body;
    const isOfPage = rights === 'page' || rights === 'view';
    if (isOfPage !== (pageId !== undefined))
      throw new AppError('BAD_REQUEST', ['body/pageId goes with rights of page or view, and with none else']);
    const session = await requireSession(getSession, access.projectId, pathId);
    const endpoint = connectEndpointOf(requireAddress(session), publicConnectOrigin);
    const keySet = await loadTokenKeys();
    const { sessionId, projectId, tokenKeyId } = session;
    if (!canSignFor(keySet, session)) throw new AppError('SESSION_UNREACHABLE', [sessionId]);
    const expiresAt = expiryOf(session, expiresIn, now());
    const claims: TokenClaims = {
      sessionId,
      projectId,
      expiresAt,
      ...(pageId === undefined ? {} : { pageId }),
      ...(rights === 'guest' ? { mayNotEnd: true } : {}),
      ...(rights === 'view' ? { isViewOnly: true } : {}),
    };
    const token = signToken(keySet, tokenKeyId, isOfPage ? 'live' : 'cdp', claims);
    return ok({ cdpUrl: urlOf(endpoint, token, pageId), rights, expiresAt: expiresAt.toISOString() });
  };

function urlOf(endpoint: ConnectEndpoint, token: string, pageId: string | undefined): string {
  if (pageId === undefined) return connectDetailsOf(endpoint, token).connectUrl;
  return `${endpoint.webSocketOrigin}/live/${token}/devtools/page/${pageId}`;
}
