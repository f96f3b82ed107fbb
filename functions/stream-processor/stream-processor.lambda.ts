import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { appendEvents } from '../../core/aws/events/append-events.ts';
import { publishReadySignal } from '../../core/aws/signals/publish-ready-signal.ts';
import { putLifecycleEvent } from '../../core/aws/signals/put-lifecycle-event.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { processStream } from './process-stream.ts';

const config = readConfig(process.env, {
  readyTopicArn: ['READY_TOPIC_ARN', text()],
  eventBus: ['EVENT_BUS', text()],
  eventsTable: ['SESSION_EVENTS_TABLE', text()],
});
const topic = { client: new SNSClient(awsClient()), topicArn: config.readyTopicArn };
const bus = { client: new EventBridgeClient(awsClient()), busName: config.eventBus };
const events = { client: createDocumentClient(), tableName: config.eventsTable };

export const handler = processStream({
  logger: createProcessLogger('stream-processor', process.env),
  publishReadySignal: (signal) => publishReadySignal(topic, signal),
  putLifecycleEvent: (event) => putLifecycleEvent(bus, event),
  appendEvents: (owner, told) => appendEvents(events, owner, told),
});
