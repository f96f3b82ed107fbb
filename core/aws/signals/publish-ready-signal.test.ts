import type { SNSClient } from '@aws-sdk/client-sns';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFakeClient } from '../testing/fake-client.ts';
import { publishReadySignal } from './publish-ready-signal.ts';

const signals = suite('publishReadySignal');

signals('sends the id and nothing else, with the shard by which the topic filters', async () => {
  const { client, sent } = createFakeClient<SNSClient>([{}]);
  await publishReadySignal({ client, topicArn: 'arn:topic' }, { sessionId: 's1', shard: '3' });
  assert.equal(sent[0]?.input, {
    TopicArn: 'arn:topic',
    Message: 's1',
    MessageAttributes: { shard: { DataType: 'String', StringValue: '3' } },
  });
});

signals.run();
