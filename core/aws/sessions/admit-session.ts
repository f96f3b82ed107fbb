import { unmarshall } from '@aws-sdk/util-dynamodb';
import { AppError } from '../../domain/errors.ts';
import type { Project } from '../../domain/project.ts';
import type { Session } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { conditionFailureAt, transactWrite } from '../dynamodb/transact-write.ts';

// A place is free when some session ends, which no clock knows: so a short wait, and the caller may look again.
const RETRY_AFTER_SECONDS = 1;

/**
 * Stores a new session and takes one of its project's places, in one transaction. Throws CONCURRENCY_EXCEEDED when
 * there is none: at no moment does a project have more sessions than it may.
 */
export async function admitSession(sessions: Table, projects: Table, session: Session): Promise<void> {
  try {
    await transactWrite(sessions.client, [
      {
        Put: {
          TableName: sessions.tableName,
          Item: session,
          ConditionExpression: 'attribute_not_exists(sessionId)',
        },
      },
      {
        Update: {
          TableName: projects.tableName,
          Key: { projectId: session.projectId },
          UpdateExpression: 'SET running = running + :one',
          ConditionExpression: 'attribute_exists(projectId) AND running < concurrency',
          ExpressionAttributeValues: { ':one': 1 },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);
  } catch (error) {
    const refusal = conditionFailureAt(error, 1);
    if (refusal === undefined) throw error;
    if (refusal.Item === undefined) throw new AppError('PROJECT_NOT_FOUND', [session.projectId]);
    throw concurrencyExceeded(unmarshall(refusal.Item) as Project);
  }
}

const concurrencyExceeded = ({ concurrency, running }: Project): AppError =>
  new AppError('CONCURRENCY_EXCEEDED', [concurrency, running], {
    headers: {
      'retry-after': String(RETRY_AFTER_SECONDS),
      'x-ratelimit-limit': String(concurrency),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(RETRY_AFTER_SECONDS),
    },
  });
