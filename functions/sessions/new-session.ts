import {
  attemptFieldsOf,
  type CreateAttempt,
  connectDeadlineMsOf,
} from '../../core/domain/create-attempt.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Project } from '../../core/domain/project.ts';
import { MAX_USER_METADATA_CHARACTERS, type Session } from '../../core/domain/session.ts';
import { type CreateSessionBody, certificateIdsOf, extensionIdOf } from './create-session-request.ts';

export interface NewSession {
  readonly sessionId: string;
  readonly project: Pick<Project, 'projectId' | 'defaultTimeoutSeconds'>;
  readonly body: CreateSessionBody;
  readonly attempt: CreateAttempt;
  readonly shard: string;
  readonly tokenKeyId: string;
  readonly sealedProxies?: string | undefined;
  readonly now: Date;
  /** Whether a session is recorded that does not say. */
  readonly recordByDefault: boolean;
  /** Of the create's span, where there is one. */
  readonly traceparent?: string | undefined;
  /** See connectDeadlineMsOf. */
  readonly unseenConnectMs: number | undefined;
}

/** A session as it is first stored: CREATING, with its deadline counted from now. */
export function newSession({
  sessionId,
  project,
  body,
  attempt,
  shard,
  tokenKeyId,
  sealedProxies,
  now,
  recordByDefault,
  traceparent,
  unseenConnectMs: unseenMs,
}: NewSession): Session {
  const { keepAlive = false } = body;
  const connectDeadlineMs = connectDeadlineMsOf(attempt, { keepAlive, unseenMs });
  const timeoutSeconds = body.timeout ?? project.defaultTimeoutSeconds;
  const { context, taskSize, recordSession = recordByDefault } = body.browserSettings ?? {};
  const extensionId = extensionIdOf(body);
  const certificateIds = certificateIdsOf(body);
  const at = now.toISOString();
  return {
    sessionId,
    projectId: project.projectId,
    status: 'CREATING',
    createdAt: at,
    updatedAt: at,
    expiresAt: new Date(now.getTime() + timeoutSeconds * 1000).toISOString(),
    timeoutSeconds,
    keepAlive,
    recordSession,
    region: body.region ?? 'us-west-2',
    ...(context === undefined ? {} : { contextId: context.id, persistContext: context.persist ?? false }),
    ...(body.userMetadata === undefined ? {} : { userMetadata: metadataText(body.userMetadata) }),
    ...(extensionId === undefined ? {} : { extensionId }),
    ...(certificateIds.length === 0 ? {} : { certificateIds }),
    ...(sealedProxies === undefined ? {} : { sealedProxies }),
    ...(taskSize === undefined ? {} : { taskSize }),
    ...attemptFieldsOf(attempt),
    requestId: attempt.id,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(connectDeadlineMs === undefined ? {} : { connectDeadlineMs }),
    bodyHash: attempt.bodyHash,
    ...(attempt.callerHash === undefined ? {} : { callerHash: attempt.callerHash }),
    shard,
    tokenKeyId,
    proxyBytes: 0,
  };
}

function metadataText(metadata: Readonly<Record<string, unknown>>): string {
  // JSON.stringify recurses, and a client chooses how deep.
  if (isDeeper(metadata, MAX_USER_METADATA_CHARACTERS / CHARACTERS_A_LEVEL)) {
    throw new AppError('METADATA_TOO_LONG', [MAX_USER_METADATA_CHARACTERS, 'longer']);
  }
  const text = JSON.stringify(metadata);
  const { length } = text;
  if (length > MAX_USER_METADATA_CHARACTERS) {
    throw new AppError('METADATA_TOO_LONG', [MAX_USER_METADATA_CHARACTERS, length]);
  }
  return text;
}

// An opening bracket and a closing one.
const CHARACTERS_A_LEVEL = 2;

function isDeeper(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; depth <= levels && level.length > 0; depth++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return level.length > 0;
}
