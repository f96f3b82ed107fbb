import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The DynamoDB client of every adapter; region, credentials and endpoint come from the Lambda's environment. */
export const createDocumentClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });

/** A table as the adapters take it. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}
