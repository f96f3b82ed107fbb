import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CONTAINER_API } from '../../core/domain/timing.ts';
import type { ContainerApi } from '../container-api/container-api.ts';
import { RequestFailedError, readText, sendRequest } from '../container-api/http-request.ts';
import type { Backoff } from '../container-api/retry.ts';
import { retry } from '../container-api/retry.ts';
import { emptyFolder } from './empty-folder.ts';
import { packProfile } from './pack.ts';
import { SourceFailedError, type UnpackOptions, unpackProfile } from './unpack.ts';

export interface ProfileFolders {
  readonly profile: string;
  /** The controller's own: Chrome cannot look into it. */
  readonly controller: string;
}

export interface ProfileStoreDeps {
  readonly api: Pick<ContainerApi, 'signProfileUrl'>;
  readonly folder: ProfileFolders;
  readonly signal?: AbortSignal | undefined;
  readonly backoff?: Backoff;
}

/** The store refused: another try would be refused as well. */
export class StoreRefusedError extends Error {
  override readonly name = 'StoreRefusedError';
}

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

/** Packs the profile and stores it instead of the context's archive. Answers the archive's size. */
export async function persistProfile({
  api,
  folder,
  signal,
  backoff = CONTAINER_API.retriesAfterMs,
}: ProfileStoreDeps): Promise<number> {
  const archive = path.join(folder.controller, 'profile.tar.gz');
  await mkdir(folder.controller, { recursive: true });
  const bytes = await packProfile(folder.profile, archive);
  signal?.throwIfAborted();
  const attempt = async (): Promise<void> => {
    const url = await api.signProfileUrl('persist', signal === undefined ? {} : { signal });
    const { size } = await stat(archive);
    const answer = await sendRequest({
      method: 'PUT',
      url,
      // Exactly these: a presigned PUT refuses headers that were not signed with it.
      headers: { 'content-length': size },
      body: createReadStream(archive),
      silenceMs: CONTAINER_API.storeSilenceMs,
      signal,
    });
    await readText(answer);
    if (answer.statusCode !== 200) throw storeError(answer.statusCode ?? 0, 'PUT');
  };
  await retry(attempt, { backoff, signal });
  await rm(archive);
  return bytes;
}

// 403: the URL was signed for a shorter time than the wait for it took; the next attempt asks for a new one.
const storeError = (status: number, method: string): Error =>
  status >= 500 || status === 403 || status === 408 || status === 429
    ? new RequestFailedError(`the store answered ${status} to ${method}`)
    : new StoreRefusedError(`The store answered ${status} to ${method}`);
