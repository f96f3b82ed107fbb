import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { WarmContainer } from '../../domain/warm-container.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** Names the container that is about to be started in a slot. False when the slot is filled: somebody else starts one. */
export async function fillSlot({ client, tableName }: Table, container: WarmContainer): Promise<boolean> {
  try {
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: container,
        ConditionExpression: 'attribute_not_exists(slot)',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
