import { randomUUID } from 'node:crypto';
import { beginAuditEntry, endAuditEntry } from '../../core/aws/audit/audit-log.ts';
import { type AuditedAction, type AuditOutcome, newAuditEntry } from '../../core/domain/audit-entry.ts';
import type { Installation } from './installation.ts';
import { RefusedError, UsageError } from './refusal.ts';

/**
 * Does `work` under an entry of the audit log: nothing is done that the log has not been told of. Once it is done, a log
 * that cannot be completed takes nothing back, an answer that is shown once least of all: it is said beside the answer.
 */
export async function recordAction<Result>(
  { audit, clock, who, tell }: Installation,
  action: Omit<AuditedAction, 'who'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const now = () => new Date(clock.now());
  const entry = newAuditEntry(randomUUID(), { who, ...action }, now());
  await beginAuditEntry(audit, entry);
  const complete = (outcome: AuditOutcome, reason?: string) =>
    endAuditEntry(audit, entry.entryId, {
      outcome,
      at: now(),
      ...(reason === undefined ? {} : { reason }),
    }).catch((error: Error) =>
      tell(`The audit log does not say how ${action.action} ended: ${error.message}`),
    );
  try {
    const result = await work();
    await complete('done');
    return result;
  } catch (error) {
    const isRefusal = error instanceof UsageError || error instanceof RefusedError;
    await complete(isRefusal ? 'refused' : 'failed', (error as Error).message);
    throw error;
  }
}
