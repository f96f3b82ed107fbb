import type { Emit } from '../events/event-reporter.ts';
import { joinDetails } from './end-decision.ts';
import type { SessionResources } from './resources.ts';
import type { SessionDeps } from './session-deps.ts';
import type { SavedProfile } from './shutdown.ts';

export interface ProfileToSave {
  readonly resources: Pick<SessionResources, 'folder' | 'restored' | 'archive'>;
  readonly emit: Emit;
}

/**
 * Saves the profile of a session's context. Undefined when nothing has changed; one that another session stored meanwhile
 * is replaced, and that is told.
 */
export async function saveProfile(
  { api, clock, assignment }: Pick<SessionDeps, 'api' | 'clock' | 'assignment'>,
  { resources: { folder, restored, archive: replaces }, emit }: ProfileToSave,
  signal: AbortSignal,
): Promise<SavedProfile | undefined> {
  const { sessionId, settings } = assignment;
  if (folder === undefined || settings.context === null) throw new Error('There is no profile to save');
  const { persistProfile } = await import('../profile/persist-profile.ts');
  const { id: contextId } = settings.context;
  const notes: string[] = [];
  const onReplaced = (savedBy: string | undefined) => {
    emit('context.replaced', { contextId, ...(savedBy === undefined ? {} : { savedBy }) });
    notes.push(describeReplaced(savedBy));
  };
  const options = { api, clock, sessionId, folder, restored, replaces, onReplaced, signal };
  const bytes = await persistProfile(options);
  return bytes === undefined ? undefined : { bytes, note: joinDetails(...notes) };
}

const describeReplaced = (savedBy: string | undefined): string =>
  `The saved profile replaces one that was stored meanwhile${savedBy === undefined ? '' : ` by session ${savedBy}`}`;
