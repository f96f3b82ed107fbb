/** Projects and keys of an installation, made in its tables as an operator's commands make them. */
import { createDocumentClient } from '../../../core/aws/dynamodb/document-client.ts';
import { revokeApiKey } from '../../../core/aws/keys/revoke-api-key.ts';
import { storeApiKey } from '../../../core/aws/keys/store-api-key.ts';
import { storeProject } from '../../../core/aws/projects/store-project.ts';
import { createApiKeyText } from '../../../core/tokens/api-key-text.ts';
import { ownerOf } from '../../e2e/support/owner.ts';
import type { Wallcrawler } from '../../e2e/support/wallcrawler.ts';

export interface Operator {
  makeProject(projectId: string): Promise<void>;
  /** A key that opens this project alone. */
  makeKey(projectId: string, expiresAt?: string): Promise<string>;
  /** One that was good and was never used: no authorizer remembers it. */
  makeRevokedKey(projectId: string): Promise<string>;
  close(): void;
}

export function operatorOf({ dataDir }: Pick<Wallcrawler, 'dataDir'>): Operator {
  const client = createDocumentClient(ownerOf(dataDir));
  const apiKeys = { client, tableName: 'wallcrawler-local-api-keys' };
  const projects = { client, tableName: 'wallcrawler-local-projects' };
  const store = async (projectId: string, expiresAt?: string) => {
    const apiKey = createApiKeyText();
    const fields = { name: 'k', projectIds: [projectId], defaultProjectId: projectId, expiresAt };
    const { apiKeyHash } = await storeApiKey(apiKeys, { apiKey, ...fields }, new Date());
    return { apiKey, apiKeyHash };
  };
  return {
    async makeProject(projectId) {
      const fields = { name: projectId, ownerId: 'owner', defaultTimeoutSeconds: 3_600, concurrency: 25 };
      await storeProject(projects, { projectId, ...fields }, new Date());
    },
    makeKey: async (projectId, expiresAt) => (await store(projectId, expiresAt)).apiKey,
    async makeRevokedKey(projectId) {
      const { apiKey, apiKeyHash } = await store(projectId);
      await revokeApiKey(apiKeys, apiKeyHash, new Date());
      return apiKey;
    },
    close: () => client.destroy(),
  };
}
