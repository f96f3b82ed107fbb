import type { EndReason } from './end-reason.ts';
import { isTerminal, type PublicStatus, type Region, type Session, toPublicStatus } from './session.ts';

/** A session as the API shows it. Holds no token: a list is read by more programs than the sessions' owners. */
export interface SessionView {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly projectId: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Why it ended, and what more is known of that: once it has ended. */
  readonly endReason?: EndReason;
  readonly endDetail?: string;
  readonly expiresAt: string;
  readonly status: PublicStatus;
  readonly proxyBytes: number;
  readonly keepAlive: boolean;
  readonly contextId?: string;
  readonly region: Region;
  readonly userMetadata?: Readonly<Record<string, unknown>>;
}

export interface ConnectDetails {
  readonly connectUrl: string;
  readonly seleniumRemoteUrl: string;
  readonly signingKey: string;
}

export type CreatedSessionView = SessionView & ConnectDetails;

export const toSessionView = (session: Session): SessionView => ({
  id: session.sessionId,
  createdAt: session.createdAt,
  updatedAt: session.updatedAt,
  projectId: session.projectId,
  startedAt: session.startedAt ?? session.createdAt,
  ...(session.endedAt === undefined ? {} : { endedAt: session.endedAt }),
  ...(isTerminal(session.status) ? endOf(session) : {}),
  expiresAt: session.expiresAt,
  status: toPublicStatus(session.status),
  proxyBytes: session.proxyBytes,
  keepAlive: session.keepAlive,
  ...(session.contextId === undefined ? {} : { contextId: session.contextId }),
  region: session.region,
  ...(session.userMetadata === undefined ? {} : { userMetadata: JSON.parse(session.userMetadata) }),
});

const endOf = ({ endReason, endDetail }: Session): Pick<SessionView, 'endReason' | 'endDetail'> => ({
  ...(endReason === undefined ? {} : { endReason }),
  ...(endDetail === undefined ? {} : { endDetail }),
});
