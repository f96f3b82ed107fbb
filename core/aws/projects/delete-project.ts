/** The first and the last step of a project's deletion; apps/admin/delete-project.ts does what lies between. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Project } from '../../domain/project.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { type UpdateOutcome, updateIf } from '../dynamodb/update-if.ts';

/** Closes a project: without a slot no session begins in it. Not applied when it is closed already, or not there. */
export const closeProject = (projects: Table, projectId: string, at: Date): Promise<UpdateOutcome<Project>> =>
  updateIf<Project>(projects, {
    key: { projectId },
    set: { concurrency: 0, deletingSince: at.toISOString(), updatedAt: at.toISOString() },
    absent: ['deletingSince'],
  });

/** False when it is not closed, or a session of it has not given its slot back: it could never do so any more. */
export async function deleteClosedProject(projects: Table, projectId: string): Promise<boolean> {
  try {
    await projects.client.send(
      new DeleteCommand({
        TableName: projects.tableName,
        Key: { projectId },
        ConditionExpression: 'attribute_exists(deletingSince) AND running <= :none',
        ExpressionAttributeValues: { ':none': 0 },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
