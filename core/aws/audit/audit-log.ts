/** What operators did. Written before an action begins and completed when it has ended: none goes unwritten. */
import { PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { AUDIT_LOG, type AuditEntry, type AuditOutcome } from '../../domain/audit-entry.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { updateIf } from '../dynamodb/update-if.ts';

export async function beginAuditEntry(audit: Table, entry: AuditEntry): Promise<void> {
  await audit.client.send(
    new PutCommand({
      TableName: audit.tableName,
      Item: entry,
      ConditionExpression: 'attribute_not_exists(entryId)',
    }),
  );
}

export async function endAuditEntry(
  audit: Table,
  entryId: string,
  { outcome, reason, at }: { readonly outcome: AuditOutcome; readonly reason?: string; readonly at: Date },
): Promise<void> {
  const set = { outcome, reason, endedAt: at.toISOString() };
  await updateIf<AuditEntry>(audit, { key: { entryId }, set, absent: ['outcome'] });
}

/** The newest entries first. */
export async function listAuditEntries(audit: Table, limit: number): Promise<AuditEntry[]> {
  const pages = paginateQuery(
    { client: audit.client },
    {
      TableName: audit.tableName,
      IndexName: 'log-at',
      KeyConditionExpression: '#log = :log',
      ExpressionAttributeNames: { '#log': 'log' },
      ExpressionAttributeValues: { ':log': AUDIT_LOG },
      ScanIndexForward: false,
      Limit: limit,
    },
  );
  const found: AuditEntry[] = [];
  for await (const { Items = [] } of pages) {
    found.push(...(Items as AuditEntry[]));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}
