import { ANY_ARCHIVE, type ArchiveId, NO_ARCHIVE } from '../../core/domain/profile-save.ts';
import { CONTAINER_API } from '../../core/domain/timing.ts';
import { RequestFailedError, sendRequest } from '../container-api/http-request.ts';
import { retry } from '../container-api/retry.ts';
import { emptyFolder } from './empty-folder.ts';
import { type ProfileStoreDeps, storeError } from './profile-store.ts';
import { SourceFailedError, type UnpackOptions, unpackProfile } from './unpack.ts';

/** Fills the profile's folder from the context's archive. Answers which one it was. */
export async function restoreProfile(
  { api, folder, signal, backoff = CONTAINER_API.retriesAfterMs }: ProfileStoreDeps,
  options: Pick<UnpackOptions, 'user' | 'limits'>,
): Promise<ArchiveId> {
  const attempt = async (): Promise<ArchiveId> => {
    const url = await api.signProfileDownload(signal === undefined ? {} : { signal });
    const answer = await sendRequest({ method: 'GET', url, silenceMs: CONTAINER_API.storeSilenceMs, signal });
    const status = answer.statusCode ?? 0;
    if (status !== 200) {
      answer.resume();
      if (status === 404) return NO_ARCHIVE;
      throw storeError(status, 'GET');
    }
    try {
      await unpackProfile(answer, { ...options, folder: folder.profile });
    } catch (error) {
      if (!(error instanceof SourceFailedError)) throw error;
      await emptyFolder(folder.profile);
      throw new RequestFailedError('the archive did not arrive whole');
    }
    return answer.headers.etag ?? ANY_ARCHIVE;
  };
  return retry(attempt, { backoff, signal });
}
