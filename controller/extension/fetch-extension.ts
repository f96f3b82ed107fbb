import { rm } from 'node:fs/promises';
import { EXTENSION_LIMITS } from '../../core/domain/extension-limits.ts';
import { CONTAINER_API } from '../../core/domain/timing.ts';
import { ExtensionRefusedError } from '../../core/extension-zip/extension-refused.ts';
import type { ChromeUser } from '../chrome/launch.ts';
import type { ContainerApi } from '../container-api/container-api.ts';
import { RequestFailedError, saveBytes, sendRequest } from '../container-api/http-request.ts';
import { type Backoff, retry } from '../container-api/retry.ts';
import { storeError } from '../profile/profile-store.ts';
import { ExtensionNotLoadedError } from './extension-not-loaded.ts';
import { unpackExtension } from './unpack-extension.ts';

export interface FetchExtensionDeps {
  readonly api: Pick<ContainerApi, 'signExtensionUrl'>;
  readonly extensionId: string;
  /** Is made. */
  readonly folder: string;
  readonly user?: ChromeUser | undefined;
  /** The first attempt has its URL already; the next ones ask for another. */
  readonly url?: string | null;
  readonly signal: AbortSignal;
  readonly backoff?: Backoff;
}

/** Fetches the extension, and unpacks it where Chrome can read it. Rejects with an ExtensionNotLoadedError. */
export async function fetchExtension(deps: FetchExtensionDeps): Promise<void> {
  const { signal, backoff = CONTAINER_API.retriesAfterMs } = deps;
  // On disk: it may have 100 MB, and a small container has 2 GB for Chrome and all.
  const file = `${deps.folder}.zip`;
  let known = deps.url ?? null;
  const attempt = async () => {
    const url = known ?? (await deps.api.signExtensionUrl({ signal }));
    known = null;
    return download(url, file, signal);
  };
  try {
    await retry(attempt, { backoff, signal });
    await unpackExtension({ file }, deps);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ExtensionNotLoadedError(sayWhy(error as NodeJS.ErrnoException), { cause: error });
  } finally {
    await rm(file, { force: true });
  }
}

async function download(url: string, file: string, signal: AbortSignal): Promise<void> {
  const answer = await sendRequest({ method: 'GET', url, silenceMs: CONTAINER_API.storeSilenceMs, signal });
  const status = answer.statusCode ?? 0;
  if (status === 200) return saveBytes(answer, file, EXTENSION_LIMITS.maxZipBytes);
  answer.resume();
  throw status === 404 ? new ExtensionNotLoadedError('It has been deleted') : storeError(status, 'GET');
}

/** Never a path on this disk, which the words of the file system name. */
function sayWhy(error: NodeJS.ErrnoException): string {
  if (error instanceof ExtensionRefusedError) return `Of its zip: ${error.message}`;
  return error.syscall === undefined || error instanceof RequestFailedError
    ? error.message
    : `It cannot be written (${error.code})`;
}
