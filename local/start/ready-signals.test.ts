// A create that waits looks at its session now and then, so a signal that never comes would only make it slow. Hence this
// test of the whole way, with the calls that the functions make and the environment that they are told.
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { publishReadySignal } from '../../core/aws/signals/publish-ready-signal.ts';
import { receiveReadySignal } from '../../core/aws/signals/receive-ready-signal.ts';
import { withFolder } from '../aws/testing/serve-services.ts';
import { startTestAws } from '../aws/testing/start-test-aws.ts';
import { functionSpecs } from './infrastructure.ts';

const LIMIT_MS = 2_000;

const t = suite('ready signals');

t('reach the queue that a create of their shard waits on, for every shard', () =>
  withFolder(async (dataDir) => {
    const { client, endpoint, infrastructure } = await startTestAws(dataDir);
    const specs = functionSpecs(infrastructure, endpoint);
    const queueUrls = specs['create-session']?.environment.READY_QUEUE_URLS?.split(',') ?? [];
    const topicArn = specs['stream-processor']?.environment.READY_TOPIC_ARN ?? '';
    assert.ok(queueUrls.length > 0);
    const [sns, sqs] = [new SNSClient(client), new SQSClient(client)];
    const lost = async (queueUrl: string, shard: string): Promise<string[]> => {
      const sessionId = `session-${shard}`;
      await publishReadySignal({ client: sns, topicArn }, { sessionId, shard });
      const limit = AbortSignal.timeout(LIMIT_MS);
      await receiveReadySignal({ client: sqs, queueUrl }, sessionId, limit);
      return limit.aborted ? [`what is published for shard ${shard} does not come out of ${queueUrl}`] : [];
    };
    const faults = await Promise.all(queueUrls.map((queueUrl, index) => lost(queueUrl, String(index))));
    sns.destroy();
    sqs.destroy();
    assert.equal(faults.flat(), []);
  }),
);

t.run();
