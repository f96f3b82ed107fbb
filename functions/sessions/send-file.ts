import type { ConnectEndpoint } from '../../core/domain/connect-url.ts';
import { UPLOAD } from '../../core/domain/timing.ts';
import { uploadPathOf } from '../../core/domain/uploads.ts';
import type { UploadedFile } from '../../core/http/multipart.ts';

/** A container did not take a file. Says its status only: what `fetch` throws may hold the URL, and with it the token. */
export class FileNotTakenError extends Error {
  override readonly name = 'FileNotTakenError';
  /** Undefined: it did not answer. */
  readonly status: number | undefined;
  constructor(status: number | undefined, why: string) {
    super(why);
    this.status = status;
  }
}

/** Hands a file to a session's container. Resolves when the file lies there. */
export async function sendFile(
  { httpOrigin }: Pick<ConnectEndpoint, 'httpOrigin'>,
  { name, bytes }: UploadedFile,
  uploadToken: string,
): Promise<void> {
  const response = await fetch(`${httpOrigin}${uploadPathOf(name)}?signingKey=${uploadToken}`, {
    method: 'PUT',
    body: new Uint8Array(bytes),
    signal: AbortSignal.timeout(UPLOAD.handOverMs),
    // Nor may it have the platform ask somebody else.
    redirect: 'error',
  }).catch(() => {
    throw new FileNotTakenError(undefined, 'The container did not answer');
  });
  // Of its answer nothing but the status is believed, or read.
  await response.body?.cancel();
  if (response.status !== 200)
    throw new FileNotTakenError(response.status, `The container answered ${response.status}`);
}
