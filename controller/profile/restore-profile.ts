import { CONTAINER_API } from '../../core/domain/timing.ts';
import { RequestFailedError, sendRequest } from '../container-api/http-request.ts';
import { retry } from '../container-api/retry.ts';
import { emptyFolder } from './empty-folder.ts';
import { type ProfileStoreDeps, storeError } from './profile-store.ts';
import { SourceFailedError, type UnpackOptions, unpackProfile } from './unpack.ts';

/** Fills the profile's folder from the context's archive. Answers whether there was one. */
export async function restoreProfile(
  { api, folder, signal, backoff = CONTAINER_API.retriesAfterMs }: ProfileStoreDeps,
  options: Pick<UnpackOptions, 'user' | 'limits'>,
): Promise<boolean> {
  const attempt = async (): Promise<boolean> => {
    const url = await api.signProfileUrl('restore', signal === undefined ? {} : { signal });
    const answer = await sendRequest({ method: 'GET', url, silenceMs: CONTAINER_API.storeSilenceMs, signal });
    const status = answer.statusCode ?? 0;
    if (status !== 200) {
      answer.resume();
      if (status === 404) return false;
      throw storeError(status, 'GET');
    }
    try {
      await unpackProfile(answer, { ...options, folder: folder.profile });
    } catch (error) {
      if (!(error instanceof SourceFailedError)) throw error;
      await emptyFolder(folder.profile);
      throw new RequestFailedError('the archive did not arrive whole');
    }
    return true;
  };
  return retry(attempt, { backoff, signal });
}
