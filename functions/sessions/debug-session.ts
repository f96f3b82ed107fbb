import { type ConnectEndpoint, connectEndpointOf } from '../../core/domain/connect-url.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { canSignFor } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { LoadTokenKeys } from '../../core/tokens/tokens.ts';
import { type ListedPage, toLiveUrls } from './live-urls.ts';
import { expiryOf, requireAddress } from './session-life.ts';

export interface DebugSessionDeps {
  readonly getSession: Find<Session>;
  readonly loadTokenKeys: LoadTokenKeys;
  /** Asks the session's container; throws when it does not answer. */
  readonly listPages: (endpoint: ConnectEndpoint, liveToken: string) => Promise<readonly ListedPage[]>;
  readonly publicConnectOrigin: string | undefined;
  readonly now: () => Date;
}

/** GET /v1/sessions/{id}/debug: an inspector URL for each page that is open now. */
export const debugSession =
  ({ getSession, loadTokenKeys, listPages, publicConnectOrigin, now }: DebugSessionDeps) =>
  async ({
    access,
    pathId,
    query,
  }: ApiRequest<
    unknown,
    { readonly expiresIn?: number; readonly mode?: 'view' | 'control' }
  >): Promise<ApiResponse> => {
    const session = await requireSession(getSession, access.projectId, pathId);
    const { sessionId, projectId } = session;
    const address = requireAddress(session);
    const keySet = await loadTokenKeys();
    if (!canSignFor(keySet, session)) throw new AppError('SESSION_UNREACHABLE', [sessionId]);
    const expiresAt = expiryOf(session, query.expiresIn, now());
    const isViewOnly = query.mode === 'view';
    const signLiveToken = (pageId?: string) =>
      signToken(keySet, session.tokenKeyId, 'live', {
        sessionId,
        projectId,
        expiresAt,
        ...(isViewOnly ? { isViewOnly } : {}),
        ...(pageId === undefined ? {} : { pageId }),
      });
    const endpoint = connectEndpointOf(address, publicConnectOrigin);
    const pages = await listPages(endpoint, signLiveToken()).catch((cause: unknown) => {
      throw new AppError('SESSION_UNREACHABLE', [sessionId], { cause });
    });
    return ok(toLiveUrls(endpoint, pages, { signLiveToken, isViewOnly }));
  };
