import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClient } from '../../core/aws/aws-client.ts';
import { MAX_ENTRIES, putSessionEvents } from '../../core/aws/signals/put-session-events.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { publishEvents } from './publish-events.ts';

const config = readConfig(process.env, { eventBus: ['EVENT_BUS', text()] });
const bus = { client: new EventBridgeClient(awsClient()), busName: config.eventBus };

export const handler = publishEvents({
  logger: createProcessLogger('publish-events', process.env),
  maxEntries: MAX_ENTRIES,
  putSessionEvents: (events) => putSessionEvents(bus, events),
});
