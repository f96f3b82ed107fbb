import type { ApiKey } from '../../domain/api-key.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { type UpdateOutcome, updateIf } from '../dynamodb/update-if.ts';

/** Revokes a key for good. Not applied when there is none of that hash, or it has been revoked: the first time counts. */
export const revokeApiKey = (apiKeys: Table, apiKeyHash: string, at: Date): Promise<UpdateOutcome<ApiKey>> =>
  updateIf<ApiKey>(apiKeys, {
    key: { apiKeyHash },
    set: { status: 'REVOKED', revokedAt: at.toISOString() },
    oneOf: { status: ['ACTIVE'] },
  });
