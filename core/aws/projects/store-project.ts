import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Project } from '../../domain/project.ts';
import type { Table } from '../dynamodb/document-client.ts';

export type NewProject = Pick<
  Project,
  'projectId' | 'name' | 'ownerId' | 'defaultTimeoutSeconds' | 'concurrency'
>;

/** Stores a new project. False when its id is taken; what is stored then stays as it is. */
export async function storeProject(projects: Table, project: NewProject, now: Date): Promise<boolean> {
  const at = now.toISOString();
  const item: Project = {
    ...project,
    createdAt: at,
    updatedAt: at,
    running: 0,
    browserMinutes: 0,
    proxyBytes: 0,
  };
  try {
    await projects.client.send(
      new PutCommand({
        TableName: projects.tableName,
        Item: item,
        ConditionExpression: 'attribute_not_exists(projectId)',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
