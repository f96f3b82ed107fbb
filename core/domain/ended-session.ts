import { browserMinutesOf } from './browser-minutes.ts';
import { END_REASONS, type EndReason, MAX_DETAIL_CHARACTERS, statusAfter } from './end-reason.ts';
import { purgeAtOf, type Session } from './session.ts';

export interface Ending {
  readonly reason: EndReason;
  readonly detail?: string | undefined;
  /** Whether the container itself says so. What it does not say, such as that it saved its profile, is not known. */
  readonly isReported?: boolean;
  /** Through its proxies in all, as its container counted. Otherwise what its last heartbeat said holds. */
  readonly proxyBytes?: number | undefined;
  readonly endedAt: Date;
}

const UNKNOWN_SAVE = 'The container did not report that it saved the profile';

/** Pure: the session in its terminal state. */
export function endedSession(live: Session, ending: Ending): Session {
  // Nobody needs its credentials any more.
  const { sealedProxies: _, ...session } = live;
  const { endReason, detail } = decideEnd(session, ending);
  const at = ending.endedAt.toISOString();
  return {
    ...session,
    status: statusAfter(endReason),
    endReason,
    // Well-formed: half of a character that was cut is none, and a table does not take it.
    ...(detail === '' ? {} : { endDetail: detail.slice(0, MAX_DETAIL_CHARACTERS).toWellFormed() }),
    endedAt: at,
    updatedAt: at,
    purgeAt: purgeAtOf(at),
    browserMinutes: browserMinutesOf(session, at),
    // A heartbeat that came late may say less.
    proxyBytes: Math.max(session.proxyBytes, ending.proxyBytes ?? 0),
  };
}

/**
 * A reason that was recorded before (a release, a time-out) wins over what was seen later, because it is the cause of
 * it. Only a profile that was to be saved and was not turns a good end into an ERROR: nobody must take it for saved.
 */
function decideEnd(session: Session, { reason, detail = '', isReported = false }: Ending) {
  const cause = session.endReason ?? reason;
  if (statusAfter(cause) === 'FAILED') return { endReason: cause, detail };
  if (reason === 'profile_not_saved') return { endReason: reason, detail };
  const isSaveUnknown = !isReported && session.persistContext === true && session.startedAt !== undefined;
  if (!isSaveUnknown) return { endReason: cause, detail };
  const details = [END_REASONS[cause].text, detail, UNKNOWN_SAVE].filter((text) => text !== '');
  return { endReason: 'profile_not_saved' as const, detail: details.join('. ') };
}
