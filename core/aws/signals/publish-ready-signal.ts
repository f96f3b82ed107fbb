import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

export interface ReadyTopic {
  readonly client: SNSClient;
  readonly topicArn: string;
}

/** Wakes the create that waits on `shard`, to look at its session. The message is the id and nothing else. */
export async function publishReadySignal(
  { client, topicArn }: ReadyTopic,
  { sessionId, shard }: { sessionId: string; shard: string },
): Promise<void> {
  await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Message: sessionId,
      MessageAttributes: { shard: { DataType: 'String', StringValue: shard } },
    }),
  );
}
