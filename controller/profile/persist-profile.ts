import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../core/domain/clock.ts';
import { RequestFailedError } from '../container-api/http-request.ts';
import { packProfile } from './pack.ts';
import type { ProfileFolders } from './profile-store.ts';
import { isUnchanged, type RememberedProfile } from './remember-profile.ts';
import { SaveNotFinishedError, SaveProgress } from './save-progress.ts';
import { type StoreArchiveDeps, storeArchive } from './store-archive.ts';

export interface PersistDeps extends StoreArchiveDeps {
  readonly folder: ProfileFolders;
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
    await storeArchive({ file: archive, bytes }, progress, deps);
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

/** A refusal is about something else than how far it came. */
function withProgress(error: Error, progress: SaveProgress, signal: AbortSignal | undefined): Error {
  const isAborted = signal?.aborted === true;
  if (!isAborted && !(error instanceof RequestFailedError)) return error;
  const why = isAborted ? 'there was no more time' : error.message;
  const message = [why, progress.describe()].filter((part) => part !== undefined).join(': ');
  return new SaveNotFinishedError(message, { cause: error });
}
