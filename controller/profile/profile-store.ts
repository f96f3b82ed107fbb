import type { ContainerApi } from '../container-api/container-api.ts';
import { RequestFailedError } from '../container-api/http-request.ts';
import type { Backoff } from '../container-api/retry.ts';

export interface ProfileFolders {
  readonly profile: string;
  /** The controller's own: Chrome cannot look into it. */
  readonly controller: string;
}

export interface ProfileStoreDeps {
  readonly api: Pick<ContainerApi, 'signProfileDownload'>;
  readonly folder: ProfileFolders;
  readonly signal?: AbortSignal | undefined;
  readonly backoff?: Backoff;
}

/** The store refused: another try would be refused as well. */
export class StoreRefusedError extends Error {
  override readonly name = 'StoreRefusedError';
}

// 409: somebody else is just storing one. 403: the URL was signed for a shorter time than the wait for it took; the next attempt asks for a new one.
export const storeError = (status: number, method: string): Error =>
  status >= 500 || status === 403 || status === 408 || status === 409 || status === 429
    ? new RequestFailedError(`the store answered ${status} to ${method}`)
    : new StoreRefusedError(`The store answered ${status} to ${method}`);
