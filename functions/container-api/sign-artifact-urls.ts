import {
  downloadKeyOf,
  logSegmentKeyOf,
  recordingChunkKeyOf,
  recordingIndexKeyOf,
} from '../../core/domain/artifact-key.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type ContainerAuthenticationDeps } from './authenticate-container.ts';
import { requireOwn } from './instruction.ts';

/** One segment of the session's log. */
interface LogArtifact {
  readonly kind: 'log';
  readonly sequence: number;
}

/** A file that its browser has downloaded. */
interface DownloadArtifact {
  readonly kind: 'download';
  readonly id: string;
}

/** A piece of the film of one of its pages. */
interface RecordingArtifact {
  readonly kind: 'recording';
  readonly page: number;
  readonly chunk: number;
}

/** The list of them. */
interface RecordingIndexArtifact {
  readonly kind: 'recording-index';
  readonly page: number;
}

type Artifact = LogArtifact | DownloadArtifact | RecordingArtifact | RecordingIndexArtifact;

/** The exact key of each kind, of a session that its container cannot choose. */
function keyOf(session: Session, artifact: Artifact): string {
  switch (artifact.kind) {
    case 'log':
      return logSegmentKeyOf(session, artifact.sequence);
    case 'download':
      return downloadKeyOf(session, artifact.id);
    case 'recording':
      return recordingChunkKeyOf(session, artifact.page, artifact.chunk);
    case 'recording-index':
      return recordingIndexKeyOf(session, artifact.page);
  }
}

export interface SignArtifactUrlsDeps extends ContainerAuthenticationDeps {
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  readonly presignPut: (key: string) => Promise<string>;
}

/** POST /internal/sessions/{id}/artifact-urls: URLs to store what this session leaves with, in the order of the request. */
export const signArtifactUrls =
  (deps: SignArtifactUrlsDeps) =>
  async (request: ApiRequest<{ readonly artifacts: readonly Artifact[] }>): Promise<ApiResponse> => {
    const container = await authenticateContainer(deps, request);
    const { sessionId } = container;
    const session = await deps.getSession(sessionId);
    if (session === undefined) throw new AppError('SESSION_NOT_FOUND', [sessionId]);
    requireOwn(session, container);
    const keys = request.body.artifacts.map((artifact) => keyOf(session, artifact));
    return ok({ urls: await Promise.all(keys.map(deps.presignPut)) });
  };
