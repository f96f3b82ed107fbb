import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { KeyedCreate } from '../../core/aws/sessions/admit-session.ts';
import type { SessionStep } from '../../core/aws/sessions/step-session.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import type { ClaimableContainer } from '../../core/domain/claimable-container.ts';
import type { Clock } from '../../core/domain/clock.ts';
import type { Context } from '../../core/domain/context.ts';
import type { CreateClaim } from '../../core/domain/create-attempt.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import type { Extension } from '../../core/domain/extension.ts';
import type { Project } from '../../core/domain/project.ts';
import type { ProxyServer } from '../../core/domain/proxies.ts';
import type { Session } from '../../core/domain/session.ts';
import type { TaskSize, TaskSizes } from '../../core/domain/task-size.ts';
import type { Find } from '../../core/http/require-owned.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { LoadTokenKeys } from '../../core/tokens/tokens.ts';
import type { CapacityQueue } from './await-room.ts';
import type { Wait } from './wait-until-ready.ts';
import type { WarmPool } from './warm-pool.ts';

export interface CreateSessionDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: () => string;
  /** The ready queue that this execution environment listens on. */
  readonly shard: string;
  readonly publicConnectOrigin: string | undefined;
  readonly readyWaitMs: number;
  /** Where nobody sees a caller leave: for the first client of a session whose caller tells nothing of itself. */
  readonly unseenConnectMs: number | undefined;
  /** Whether a session is recorded that does not say. */
  readonly recordByDefault: boolean;
  /** By which sessions go out that ask for a proxy of the platform's. */
  readonly managedProxy?: ProxyServer | undefined;
  /** What a session may ask for; nothing on one machine. */
  readonly taskSizes?: TaskSizes | undefined;
  readonly loadTokenKeys: LoadTokenKeys;
  readonly getProject: Find<Project>;
  readonly getContext: Find<Context>;
  readonly getExtension: Find<Extension>;
  readonly getCertificate: Find<Certificate>;
  readonly getSession: Find<Session>;
  readonly getClaim: (keyHash: string) => Promise<CreateClaim | undefined>;
  readonly findRetriedCreates: (
    projectId: string,
    callerHash: string,
    since: Date,
  ) => Promise<readonly Session[]>;
  /** Throws a CreateTakenError, a ConcurrencyExceededError when the project has no free slot, or a ProjectNotFoundError;
   * with a warm container that has gone, a ContainerTakenError. */
  readonly admit: (
    session: Session,
    keyed: KeyedCreate | undefined,
    container?: ClaimableContainer,
  ) => Promise<void>;
  readonly runTask: (
    sessionId: string,
    environment: Readonly<Record<string, string>>,
    size: TaskSize | undefined,
  ) => Promise<string>;
  readonly capacity: CapacityQueue;
  readonly step: (sessionId: string, step: SessionStep) => Promise<UpdateOutcome<Session>>;
  readonly waitUntilReady: (wait: Wait) => Promise<Session | undefined>;
  readonly end: (sessionId: string, reason: EndReason, detail: string) => Promise<Session | undefined>;
  /** Where there is one. */
  readonly warmPool?: WarmPool | undefined;
  readonly stopTask: (taskArn: string, reason: string) => Promise<void>;
}

export const nowOf = ({ clock }: Pick<CreateSessionDeps, 'clock'>): Date => new Date(clock.now());
