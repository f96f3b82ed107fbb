import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Project } from '../../domain/project.ts';
import type { Table } from '../dynamodb/document-client.ts';

export type ProjectChanges = Partial<Pick<Project, 'name' | 'defaultTimeoutSeconds' | 'concurrency'>>;

/** Changes a project; what runs, and what it counts, stays as it is. False when there is no such project, or it is being deleted. */
export async function updateProject(
  projects: Table,
  projectId: string,
  { changes, now }: { readonly changes: ProjectChanges; readonly now: Date },
): Promise<boolean> {
  const values = Object.entries({ ...changes, updatedAt: now.toISOString() });
  try {
    await projects.client.send(
      new UpdateCommand({
        TableName: projects.tableName,
        Key: { projectId },
        UpdateExpression: `SET ${values.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: 'attribute_exists(projectId) AND attribute_not_exists(deletingSince)',
        ExpressionAttributeNames: Object.fromEntries(values.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(values.map(([name, value]) => [`:${name}`, value])),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
