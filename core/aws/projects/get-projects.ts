import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Project } from '../../domain/project.ts';
import type { Table } from '../dynamodb/document-client.ts';

// DynamoDB's limit for one BatchGetItem.
const MAX_BATCH = 100;

/** The projects of those ids that exist, in the order of `projectIds`. */
export async function getProjects(projects: Table, projectIds: readonly string[]): Promise<Project[]> {
  const found = new Map<string, Project>();
  let wanted: readonly string[] = [...new Set(projectIds)];
  while (wanted.length > 0) {
    const { Responses, UnprocessedKeys } = await projects.client.send(
      new BatchGetCommand({
        RequestItems: {
          [projects.tableName]: { Keys: wanted.slice(0, MAX_BATCH).map((projectId) => ({ projectId })) },
        },
      }),
    );
    for (const item of (Responses?.[projects.tableName] ?? []) as Project[]) found.set(item.projectId, item);
    const unprocessed = (UnprocessedKeys?.[projects.tableName]?.Keys ?? []).map((key) =>
      String(key.projectId),
    );
    wanted = [...unprocessed, ...wanted.slice(MAX_BATCH)];
  }
  return projectIds.flatMap((projectId) => found.get(projectId) ?? []);
}
