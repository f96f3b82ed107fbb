import { createReadStream } from 'node:fs';
import { ANY_ARCHIVE, type ArchiveId, NO_ARCHIVE, SAVED_BY_HEADER } from '../../core/domain/profile-save.ts';
import { CONTAINER_API } from '../../core/domain/timing.ts';
import type { ContainerApi } from '../container-api/container-api.ts';
import { readText, sendRequest } from '../container-api/http-request.ts';
import { type Backoff, retry } from '../container-api/retry.ts';
import { storeError } from './profile-store.ts';
import type { SaveProgress } from './save-progress.ts';

export interface StoreArchiveDeps {
  readonly api: Pick<ContainerApi, 'signProfileDownload' | 'signProfileSave'>;
  readonly sessionId: string;
  /** Which archive the profile was made of. */
  readonly replaces: ArchiveId;
  /** The profile takes the place of one that was stored meanwhile; undefined: a client uploaded that. */
  readonly onReplaced: (savedBy: string | undefined) => void;
  readonly signal?: AbortSignal | undefined;
  readonly backoff?: Backoff;
}

/** What lies in the store. */
interface StoredArchive {
  readonly id: ArchiveId;
  readonly savedBy: string | undefined;
}

// Where so many others save at the same time, it is known well enough that this one replaces theirs.
const MAX_NOTICED = 5;
// S3's words for: another archive is there, or none where there was one.
const PRECONDITION_FAILED = 412;
const NOT_FOUND = 404;

/**
 * Stores the archive whole instead of the one that the session had. When somebody else has stored another meanwhile, this
 * one replaces that as well, and says so: the last one wins, but never in silence.
 */
export async function storeArchive(
  archive: Archive,
  progress: SaveProgress,
  deps: StoreArchiveDeps,
): Promise<void> {
  const { signal, backoff = CONTAINER_API.retriesAfterMs } = deps;
  const known = { replaces: deps.replaces, noticed: 0 };
  await retry(() => storeInPlace(archive, progress, deps, known), { backoff, signal });
}

interface Archive {
  readonly file: string;
  readonly bytes: number;
}

/** What is to be replaced, as far as it is known, and how many others were met. */
interface Known {
  replaces: ArchiveId;
  noticed: number;
}

async function storeInPlace(
  archive: Archive,
  progress: SaveProgress,
  deps: StoreArchiveDeps,
  known: Known,
): Promise<void> {
  for (;;) {
    const { replaces } = known;
    const status = await put(archive, progress, { ...deps, replaces });
    if (status === 200) return;
    if (!isAnotherThere(status) || replaces === ANY_ARCHIVE) throw storeError(status, 'PUT');
    const stored = await look(deps);
    // The answer to an attempt before this one was lost, and that one was taken.
    if (stored.savedBy === deps.sessionId) return;
    if (stored.id !== NO_ARCHIVE) deps.onReplaced(stored.savedBy);
    known.noticed += 1;
    known.replaces = known.noticed < MAX_NOTICED ? stored.id : ANY_ARCHIVE;
  }
}

const isAnotherThere = (status: number): boolean => status === PRECONDITION_FAILED || status === NOT_FOUND;

async function put(
  { file, bytes }: Archive,
  progress: SaveProgress,
  { api, replaces, signal }: StoreArchiveDeps,
): Promise<number> {
  const { url, headers } = await api.signProfileSave(replaces, signal === undefined ? {} : { signal });
  progress.begin('sent', bytes);
  const answer = await sendRequest({
    method: 'PUT',
    url,
    // Exactly these: a presigned PUT refuses headers that were not signed with it.
    headers: { ...headers, 'content-length': bytes },
    body: createReadStream(file).on('data', (chunk) => progress.add(chunk.length)),
    silenceMs: CONTAINER_API.storeSilenceMs,
    signal,
  });
  await readText(answer);
  return answer.statusCode ?? 0;
}

/** Which archive is there now, by its first byte. */
async function look({ api, signal }: StoreArchiveDeps): Promise<StoredArchive> {
  const url = await api.signProfileDownload(signal === undefined ? {} : { signal });
  const headers = { range: 'bytes=0-0' };
  const answer = await sendRequest({
    method: 'GET',
    url,
    headers,
    silenceMs: CONTAINER_API.storeSilenceMs,
    signal,
  });
  await readText(answer);
  const { etag, [SAVED_BY_HEADER]: savedBy } = answer.headers;
  const status = answer.statusCode ?? 0;
  if (status === NOT_FOUND) return { id: NO_ARCHIVE, savedBy: undefined };
  // 416: what is there is empty, and has no first byte.
  if (status !== 206 && status !== 416) throw storeError(status, 'GET');
  return { id: etag ?? ANY_ARCHIVE, savedBy: typeof savedBy === 'string' ? savedBy : undefined };
}
