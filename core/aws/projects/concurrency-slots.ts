/**
 * The concurrency quota. A project has `concurrency` slots, and `running` of them are taken: a session takes one when it
 * is admitted (sessions/admit-session.ts) and gives it back when it ends (sessions/end-session.ts). Each is part of the
 * transaction that writes the session itself, so at no moment does a project have more sessions than it may, and a slot
 * is given back exactly once.
 */
import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Project } from '../../domain/project.ts';
import type { Table } from '../dynamodb/document-client.ts';
import type { TransactItem } from '../dynamodb/transact-write.ts';

/** All of the project's slots are taken. */
export class ConcurrencyExceededError extends Error {
  override readonly name = 'ConcurrencyExceededError';
  readonly limit: number;
  readonly running: number;
  constructor({ concurrency, running }: Pick<Project, 'concurrency' | 'running'>) {
    super(`${running} of ${concurrency} slots are taken`);
    this.limit = concurrency;
    this.running = running;
  }
}

/** The project whose slot was wanted does not exist (any more). */
export class ProjectNotFoundError extends Error {
  override readonly name = 'ProjectNotFoundError';
}

/** Not written when there is no free slot; `whyNoSlot` then says why. */
export const takeSlot = (projects: Table, projectId: string): TransactItem => ({
  Update: {
    TableName: projects.tableName,
    Key: { projectId },
    UpdateExpression: 'SET running = running + :one',
    ConditionExpression: 'attribute_exists(projectId) AND running < concurrency',
    ExpressionAttributeValues: { ':one': 1 },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});

/** What a failed condition of `takeSlot` means. */
export const whyNoSlot = (projectId: string, { Item }: Pick<CancellationReason, 'Item'>): Error =>
  Item === undefined
    ? new ProjectNotFoundError(`There is no project ${projectId}`)
    : new ConcurrencyExceededError(unmarshall(Item) as Project);

/** With what the session has used, in the same write. */
export const giveSlotBack = (
  projects: Table,
  projectId: string,
  usage: { readonly browserMinutes: number; readonly proxyBytes: number },
): TransactItem => ({
  Update: {
    TableName: projects.tableName,
    Key: { projectId },
    UpdateExpression: 'ADD running :minusOne, browserMinutes :minutes, proxyBytes :bytes',
    ConditionExpression: 'attribute_exists(projectId)',
    ExpressionAttributeValues: {
      ':minusOne': -1,
      ':minutes': usage.browserMinutes,
      ':bytes': usage.proxyBytes,
    },
  },
});
