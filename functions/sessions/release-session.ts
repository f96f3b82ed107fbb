import { type RequestReleaseDeps, requestRelease } from '../../core/aws/sessions/request-release.ts';
import type { Session } from '../../core/domain/session.ts';
import { toSessionView } from '../../core/domain/session-view.ts';
import { type ApiRequest, projectOf } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { NO_TRACING, sessionAttributesOf, type Tracing } from '../../core/tracing/tracing.ts';

export interface ReleaseSessionDeps extends RequestReleaseDeps {
  readonly getSession: Find<Session>;
  readonly tracing?: Promise<Tracing>;
}

/** POST /v1/sessions/{id} with REQUEST_RELEASE. An operator's `sessions end` is the same request. */
export const releaseSession =
  ({ getSession, tracing, ...deps }: ReleaseSessionDeps) =>
  async ({ access, pathId, body }: ApiRequest<{ readonly projectId?: string }>): Promise<ApiResponse> => {
    const projectId = projectOf(access, body.projectId);
    const found = await requireSession(getSession, projectId, pathId);
    const traces = (await tracing) ?? NO_TRACING;
    // A part of its session's life, and no trace of its own.
    const { traceparent: parent } = found;
    const span = traces.start('release', { parent, attributes: sessionAttributesOf(found) });
    try {
      return ok(toSessionView(await requestRelease(deps, found)));
    } finally {
      span.end();
      await traces.flush();
    }
  };
