import type { ApiKey } from '../../domain/api-key.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { type UpdateOutcome, updateIf } from '../dynamodb/update-if.ts';
import { revokeApiKey } from './revoke-api-key.ts';

/** Takes a project from a key; a key that opens no other is revoked. */
export function narrowApiKey(
  apiKeys: Table,
  { apiKeyHash, projectIds, defaultProjectId }: ApiKey,
  { without, at }: { readonly without: string; readonly at: Date },
): Promise<UpdateOutcome<ApiKey>> {
  const rest = projectIds.filter((projectId) => projectId !== without);
  const [first] = rest;
  if (first === undefined) return revokeApiKey(apiKeys, apiKeyHash, at);
  return updateIf<ApiKey>(apiKeys, {
    key: { apiKeyHash },
    set: { projectIds: rest, defaultProjectId: defaultProjectId === without ? first : defaultProjectId },
  });
}
