import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { MAX_ENTRIES, putSessionEvents } from '../../core/aws/signals/put-session-events.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { createLogger } from '../../core/log/logger.ts';
import { publishEvents } from './publish-events.ts';

const config = readConfig(process.env, { eventBus: ['EVENT_BUS', text()] });
const bus = { client: new EventBridgeClient({}), busName: config.eventBus };

export const handler = publishEvents({
  logger: createLogger({ service: 'publish-events' }),
  maxEntries: MAX_ENTRIES,
  putSessionEvents: (events) => putSessionEvents(bus, events),
});
