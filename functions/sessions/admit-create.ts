import { outageOf } from '../../core/aws/outage.ts';
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
    if (outageOf(error) !== undefined) await endUnheard(deps, session);
    throw refuseAdmission(session.projectId, error);
  }
}

/** It may be admitted all the same, by an answer that was lost: then nobody would know of it. */
async function endUnheard(deps: CreateSessionDeps, { sessionId }: Session): Promise<void> {
  const detail = 'AWS did not say whether it was admitted';
  try {
    const ended = await deps.end(sessionId, 'start_failed', detail);
    // Of a warm container, which is this session's alone.
    if (ended?.taskArn !== undefined) await deps.stopTask(ended.taskArn, detail);
  } catch (error) {
    deps.logger.error('session not ended, if there is one; it is left to the sweeper', { sessionId, error });
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
