import { isConnectable, type Session } from '../../core/domain/session.ts';
import { toSessionView } from '../../core/domain/session-view.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { canSignFor } from '../../core/tokens/key-set.ts';
import type { LoadTokenKeys } from '../../core/tokens/tokens.ts';
import { signConnectDetails } from './sign-connect-details.ts';

export interface RetrieveSessionDeps {
  readonly getSession: Find<Session>;
  readonly loadTokenKeys: LoadTokenKeys;
  readonly publicConnectOrigin: string | undefined;
}

/** GET /v1/sessions/{id}: the session, with a way to connect as long as there is one. */
export const retrieveSession =
  ({ getSession, loadTokenKeys, publicConnectOrigin }: RetrieveSessionDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    const session = await requireSession(getSession, access.projectId, pathId);
    const view = toSessionView(session);
    if (!isConnectable(session.status)) return ok(view);
    const keySet = await loadTokenKeys();
    if (!canSignFor(keySet, session)) return ok(view);
    return ok({ ...view, ...signConnectDetails(session, keySet, publicConnectOrigin) });
  };
