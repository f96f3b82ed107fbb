import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../core/domain/clock.ts';
import { CONTAINER_API } from '../../core/domain/timing.ts';
import { RequestFailedError, readText, sendRequest } from '../container-api/http-request.ts';
import { retry } from '../container-api/retry.ts';
import { packProfile } from './pack.ts';
import { type ProfileStoreDeps, storeError } from './profile-store.ts';
import { isUnchanged, type RememberedProfile } from './remember-profile.ts';
import { SaveNotFinishedError, SaveProgress } from './save-progress.ts';

export interface PersistDeps extends ProfileStoreDeps {
  readonly clock: Pick<Clock, 'now'>;
  /** What the profile was when it had been restored; undefined: it began empty. */
  readonly restored?: RememberedProfile | undefined;
}

/**
 * Packs the profile and stores it instead of the context's archive. Answers the archive's size, or undefined when the
 * profile holds what was restored: the archive then stays as it is. Throws SaveNotFinishedError when `signal` aborts it or
 * the way to the store fails, with how far it came.
 */
export async function persistProfile(deps: PersistDeps): Promise<number | undefined> {
  if (deps.restored !== undefined && isUnchangedFor(deps.folder.profile, deps.restored)) return undefined;
  const progress = new SaveProgress(deps.clock);
  const archive = path.join(deps.folder.controller, 'profile.tar.zst');
  try {
    await mkdir(deps.folder.controller, { recursive: true });
    const bytes = await packProfile(deps.folder.profile, archive, { progress, signal: deps.signal });
    await storeArchive(archive, bytes, progress, deps);
    await rm(archive);
    return bytes;
  } catch (error) {
    throw withProgress(error as Error, progress, deps.signal);
  }
}

/** What cannot be read is no reason to lose it: packing says what is wrong with it. */
function isUnchangedFor(profile: string, restored: RememberedProfile): boolean {
  try {
    return isUnchanged(profile, restored);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return false;
  }
}

async function storeArchive(
  archive: string,
  bytes: number,
  progress: SaveProgress,
  { api, signal, backoff = CONTAINER_API.retriesAfterMs }: ProfileStoreDeps,
): Promise<void> {
  const attempt = async (): Promise<void> => {
    const url = await api.signProfileUrl('persist', signal === undefined ? {} : { signal });
    progress.begin('sent', bytes);
    const answer = await sendRequest({
      method: 'PUT',
      url,
      // Exactly these: a presigned PUT refuses headers that were not signed with it.
      headers: { 'content-length': bytes },
      body: createReadStream(archive).on('data', (chunk) => progress.add(chunk.length)),
      silenceMs: CONTAINER_API.storeSilenceMs,
      signal,
    });
    await readText(answer);
    if (answer.statusCode !== 200) throw storeError(answer.statusCode ?? 0, 'PUT');
  };
  await retry(attempt, { backoff, signal });
}

/** A refusal is about something else than how far it came. */
function withProgress(error: Error, progress: SaveProgress, signal: AbortSignal | undefined): Error {
  const isAborted = signal?.aborted === true;
  if (!isAborted && !(error instanceof RequestFailedError)) return error;
  const why = isAborted ? 'there was no more time' : error.message;
  const message = [why, progress.describe()].filter((part) => part !== undefined).join(': ');
  return new SaveNotFinishedError(message, { cause: error });
}
