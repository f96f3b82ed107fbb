import { REPLAY_LINK } from '../../core/domain/timing.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { LoadTokenKeys } from '../../core/tokens/tokens.ts';
import type { ReplayDeps } from './list-replays.ts';
import { requireRecorded } from './require-recording.ts';

export interface SignReplayUrlDeps extends Pick<ReplayDeps, 'getSession' | 'keptDays' | 'now'> {
  readonly loadTokenKeys: LoadTokenKeys;
  /** Where clients reach this API. */
  readonly publicUrl: string;
}

export interface SignReplayUrlBody {
  readonly expiresIn?: number;
}

/** POST /v1/sessions/{id}/replay-url: a link that shows the recording of this session to whoever has it, for a while. */
export const signReplayUrl =
  ({ getSession, loadTokenKeys, keptDays, publicUrl, now }: SignReplayUrlDeps) =>
  async ({ access, pathId, body }: ApiRequest<SignReplayUrlBody>): Promise<ApiResponse> => {
    const session = await requireSession(getSession, access.projectId, pathId);
    requireRecorded(session, keptDays, now().getTime());
    const { sessionId, projectId } = session;
    const { expiresIn = REPLAY_LINK.defaultSeconds } = body;
    const expiresAt = new Date(Math.floor(now().getTime() / 1_000 + expiresIn) * 1_000);
    const keySet = await loadTokenKeys();
    // The current key, not the session's own: a session may have ended long ago, and its key is gone.
    const token = signToken(keySet, keySet.current, 'replay', { sessionId, projectId, expiresAt });
    return ok({ replayUrl: `${publicUrl}/replay/${token}`, expiresAt: expiresAt.toISOString() });
  };
