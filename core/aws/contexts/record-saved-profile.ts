import type { Context } from '../../domain/context.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { updateIf } from '../dynamodb/update-if.ts';

/** Notes that a session saved its profile. A context that was deleted meanwhile stays deleted. */
export async function recordSavedProfile(
  contexts: Table,
  contextId: string,
  { sizeBytes, sessionId, at }: { sizeBytes: number; sessionId: string; at: Date },
): Promise<void> {
  await updateIf<Context>(contexts, {
    key: { contextId },
    set: { status: 'SAVED', sizeBytes, lastSessionId: sessionId, updatedAt: at.toISOString() },
    // A tombstone has none.
    present: ['status'],
  });
}
