import { type ConnectEndpoint, connectEndpointOf } from '../../core/domain/connect-url.ts';
import { AppError } from '../../core/domain/errors.ts';
import { isConnectable, type Session, toPublicStatus } from '../../core/domain/session.ts';
import { UPLOAD } from '../../core/domain/timing.ts';
import { CLIENT_UPLOADS_FOLDER, UPLOAD_LIMITS } from '../../core/domain/uploads.ts';
import type { UploadedFile } from '../../core/http/multipart.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { canSignFor } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { LoadTokenKeys } from '../../core/tokens/tokens.ts';
import { FileNotTakenError } from './send-file.ts';

export interface UploadFileDeps {
  readonly getSession: Find<Session>;
  readonly loadTokenKeys: LoadTokenKeys;
  /** Hands the file to the session's container; throws a FileNotTakenError. */
  readonly sendFile: (endpoint: ConnectEndpoint, file: UploadedFile, uploadToken: string) => Promise<void>;
  readonly publicConnectOrigin: string | undefined;
  readonly now: () => Date;
}

/** POST /v1/sessions/{id}/uploads: a file that the session's browser can choose, from when it is answered. */
export const uploadFile =
  ({ getSession, loadTokenKeys, sendFile, publicConnectOrigin, now }: UploadFileDeps) =>
  async ({ access, pathId, body }: ApiRequest<{ readonly file: UploadedFile }>): Promise<ApiResponse> => {
    const session = await requireSession(getSession, access.projectId, pathId);
    const { address, sessionId, projectId } = session;
    if (!isConnectable(session.status) || address === undefined)
      throw new AppError('SESSION_NOT_RUNNING', [sessionId, toPublicStatus(session.status)]);
    const keySet = await loadTokenKeys();
    if (!canSignFor(keySet, session)) throw new AppError('SESSION_UNREACHABLE', [sessionId]);
    const token = signToken(keySet, session.tokenKeyId, 'upload', {
      sessionId,
      projectId,
      expiresAt: new Date(now().getTime() + UPLOAD.tokenMs),
    });
    const endpoint = connectEndpointOf(address, publicConnectOrigin);
    await sendFile(endpoint, body.file, token).catch((cause: unknown) => {
      throw toRefusal(sessionId, cause);
    });
    return ok({ message: `The file is ${CLIENT_UPLOADS_FOLDER}/${body.file.name}` });
  };

function toRefusal(sessionId: string, cause: unknown): AppError {
  const status = cause instanceof FileNotTakenError ? cause.status : undefined;
  if (status === 410) return new AppError('SESSION_NOT_RUNNING', [sessionId, 'COMPLETED'], { cause });
  if (status === 413 || status === 507) {
    const { maxFiles, maxBytes } = UPLOAD_LIMITS;
    return new AppError('SESSION_FULL_OF_FILES', [sessionId, maxFiles, maxBytes], { cause });
  }
  return new AppError('SESSION_UNREACHABLE', [sessionId], { cause });
}
