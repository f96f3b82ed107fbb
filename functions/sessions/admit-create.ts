import { ContainerTakenError, CreateTakenError } from '../../core/aws/sessions/admit-session.ts';
import { type ClaimableContainer, claimedFieldsOf } from '../../core/domain/claimable-container.ts';
import { type CreateAttempt, newClaim } from '../../core/domain/create-attempt.ts';
import type { Session } from '../../core/domain/session.ts';
import type { CreateSessionDeps } from './create-session-deps.ts';
import { refuseAdmission } from './refuse-admission.ts';

export interface Admission {
  readonly attempt: CreateAttempt;
  /** The session that came to nothing under the same key. */
  readonly replaces: string | undefined;
  /** Warm containers, in the order in which they are tried. */
  readonly candidates: readonly ClaimableContainer[];
}

export interface Admitted {
  readonly session: Session;
  /** The warm container that it has claimed, and those that are left; none: it is started cold. */
  readonly warm: readonly [ClaimableContainer, ...ClaimableContainer[]] | undefined;
}

/** With the first warm container that nobody else takes, or with none. Undefined when another create was faster. */
export async function admitCreate(
  deps: CreateSessionDeps,
  session: Session,
  { attempt, replaces, candidates }: Admission,
): Promise<Admitted | undefined> {
  const { keyHash } = attempt;
  const keyed =
    keyHash === undefined ? undefined : { claim: newClaim(keyHash, session.sessionId, attempt), replaces };
  try {
    for (const [index, container] of candidates.entries()) {
      const claimed = { ...session, ...claimedFieldsOf(container) };
      const isClaimed = await unlessTaken(deps.admit(claimed, keyed, container));
      if (isClaimed) return { session: claimed, warm: [container, ...candidates.slice(index + 1)] };
    }
    await deps.admit(session, keyed);
    return { session, warm: undefined };
  } catch (error) {
    if (error instanceof CreateTakenError) return undefined;
    throw refuseAdmission(session.projectId, error);
  }
}

/** A lost race costs a few milliseconds, a cold start half a minute: the next one is tried. */
async function unlessTaken(admission: Promise<void>): Promise<boolean> {
  try {
    await admission;
    return true;
  } catch (error) {
    if (error instanceof ContainerTakenError) return false;
    throw error;
  }
}
