import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Project } from '../../domain/project.ts';
import type { Table } from '../dynamodb/document-client.ts';

export async function getProject(projects: Table, projectId: string): Promise<Project | undefined> {
  const { Item } = await projects.client.send(
    new GetCommand({ TableName: projects.tableName, Key: { projectId }, ConsistentRead: true }),
  );
  return Item as Project | undefined;
}
