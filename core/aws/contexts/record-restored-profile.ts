import type { Context } from '../../domain/context.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { updateIf } from '../dynamodb/update-if.ts';

/** Notes that an operator made an earlier version the current one. */
export async function recordRestoredProfile(
  contexts: Table,
  contextId: string,
  { sizeBytes, savedBy, at }: { sizeBytes: number; savedBy: string | undefined; at: Date },
): Promise<void> {
  await updateIf<Context>(contexts, {
    key: { contextId },
    set: { status: 'SAVED', sizeBytes, lastSessionId: savedBy, updatedAt: at.toISOString() },
    ...(savedBy === undefined ? { remove: ['lastSessionId'] } : {}),
    // A tombstone has none.
    present: ['status'],
  });
}
