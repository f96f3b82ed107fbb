import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsClient } from '../aws-client.ts';

/**
 * The DynamoDB client of every adapter. In a Lambda it is called without arguments: region, credentials and endpoint
 * come from the environment.
 */
export const createDocumentClient = (config: DynamoDBClientConfig = {}): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient({ ...awsClient(), ...config }), {
    marshallOptions: { removeUndefinedValues: true },
  });

/** A table as the adapters take it. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}
