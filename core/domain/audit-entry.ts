import { AUDIT_DAYS } from './timing.ts';

/** All entries have this one: the index of the table sorts them by time below it. */
export const AUDIT_LOG = 'admin';

/** How an action ended. While none is there it still runs, or its process was cut short. */
export type AuditOutcome = 'done' | 'refused' | 'failed';

/** One item of the audit table: who did what, and when. Holds no secret: it is read by more people than act. */
export interface AuditEntry {
  readonly entryId: string;
  readonly log: typeof AUDIT_LOG;
  /** When it began. */
  readonly at: string;
  readonly who: string;
  /** The command, such as `keys revoke`. */
  readonly action: string;
  /** Its object: the id of a project, key, session or context. */
  readonly target?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly outcome?: AuditOutcome;
  /** Why it was refused, or how it failed. */
  readonly reason?: string;
  readonly endedAt?: string;
  /** For DynamoDB's TTL, in seconds since 1970. */
  readonly purgeAt: number;
}

export type AuditedAction = Pick<AuditEntry, 'who' | 'action' | 'target' | 'details'>;

export const newAuditEntry = (entryId: string, action: AuditedAction, at: Date): AuditEntry => ({
  ...action,
  entryId,
  log: AUDIT_LOG,
  at: at.toISOString(),
  purgeAt: Math.floor(at.getTime() / 1000) + AUDIT_DAYS * 86_400,
});
