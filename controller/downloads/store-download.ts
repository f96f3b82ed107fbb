import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat, unlink } from 'node:fs/promises';
import type { StoredDownload } from '../../core/domain/download.ts';
import type { ContainerApi } from '../container-api/container-api.ts';
import { RequestFailedError, readText, sendRequest } from '../container-api/http-request.ts';
import { DOWNLOAD_LIMITS } from './limits.ts';
import type { FinishedDownload } from './watch-downloads.ts';

export interface StoreDownloadDeps {
  readonly api: Pick<ContainerApi, 'signArtifactUrls' | 'reportDownload'>;
}

/** Once: who calls tries again. */
const ONCE = { backoff: [] } as const;
const MAY_PASS: readonly number[] = [403, 408, 429];

/**
 * Stores one file by a URL that is signed for it alone, tells the platform, and removes it from the disk. Nobody hears of a file
 * that is not stored whole. Rejects with a RequestFailedError where another try may help.
 */
export async function storeDownload(
  { api }: StoreDownloadDeps,
  { id, filename, path: file, finishedAtMs }: FinishedDownload & { readonly finishedAtMs: number },
  signal: AbortSignal,
): Promise<{ readonly filename: string; readonly sizeBytes: number }> {
  const { size: sizeBytes } = await stat(file);
  const [url = ''] = await api.signArtifactUrls([{ kind: 'download', id }], { ...ONCE, signal });
  const sha256 = await put(file, { url, sizeBytes, signal });
  const stored: StoredDownload = { id, filename, sizeBytes, sha256, finishedAtMs };
  const listed = await api.reportDownload(stored, { ...ONCE, signal });
  await unlink(file);
  return { filename: listed, sizeBytes };
}

export const discardDownload = (file: string): Promise<void> => rm(file, { force: true });

interface Put {
  readonly url: string;
  readonly sizeBytes: number;
  readonly signal: AbortSignal;
}

/** Sends a file as it is read; its SHA-256. */
async function put(file: string, { url, sizeBytes, signal }: Put): Promise<string> {
  const hash = createHash('sha256');
  const body = createReadStream(file).on('data', (chunk) => hash.update(chunk));
  const answer = await sendRequest({
    method: 'PUT',
    url,
    // Exactly these: a presigned PUT refuses headers that were not signed with it.
    headers: { 'content-length': sizeBytes },
    body,
    silenceMs: DOWNLOAD_LIMITS.silenceMs,
    signal,
  });
  await readText(answer);
  const status = answer.statusCode ?? 0;
  if (status === 200) return hash.digest('hex');
  const message = `the store answered ${status} to a download`;
  throw status >= 500 || MAY_PASS.includes(status) ? new RequestFailedError(message) : new Error(message);
}
