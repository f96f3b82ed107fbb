import type { Move, Moved } from '../../core/aws/sessions/move-session.ts';
import type { ClaimAnswer } from '../../core/domain/claim.ts';
import type { Extension } from '../../core/domain/extension.ts';
import type { WarmContainer } from '../../core/domain/warm-container.ts';
import type { CreateSessionDeps } from './create-session-deps.ts';
import type { Claim } from './send-claim.ts';

/** What a create has to do with the warm pool. */
export interface WarmPool {
  readonly list: () => Promise<readonly WarmContainer[]>;
  readonly move: (sessionId: string, move: Move) => Promise<Moved>;
  readonly presignProfile: (profileKey: string) => Promise<string>;
  readonly presignExtension: (extension: Extension) => Promise<string>;
  /** Throws a ClaimNotTakenError. */
  readonly send: (claim: Claim) => Promise<ClaimAnswer>;
  /** A container that did not take its claim: the keeper is to be careful with the next ones. */
  readonly recordFailure: (at: Date) => Promise<void>;
  /** A create: the pool is sized by them. */
  readonly recordCreate: (create: { readonly isCold: boolean; readonly at: Date }) => Promise<void>;
}

type Deps = Pick<CreateSessionDeps, 'warmPool' | 'logger' | 'clock'>;

/** The filled slots; none where there is no pool. One that cannot be read makes a create slow, and fails none. */
export async function listSlots({ warmPool, logger }: Deps): Promise<readonly WarmContainer[]> {
  try {
    return (await warmPool?.list()) ?? [];
  } catch (error) {
    logger.warn('the warm pool cannot be read', { error });
    return [];
  }
}

// It takes a few, beside a start that takes longer.
const DEMAND_WRITE_MS = 250;

/** Notes a create for the size of the pool, beside its start: it is not waited for long, and its failure is no one else's. */
export async function noteDemand({ warmPool, logger, clock }: Deps, isCold: boolean): Promise<void> {
  if (warmPool === undefined) return;
  const note = warmPool
    .recordCreate({ isCold, at: new Date(clock.now()) })
    .catch((error: unknown) => logger.warn('the demand of the warm pool was not noted', { error }));
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const cancel = clock.setTimer(DEMAND_WRITE_MS, resolve);
  await Promise.race([note, late]);
  cancel();
}
