import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { systemClock } from '../../core/clock/system-clock.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import document from '../openapi.json' with { type: 'json' };
import { answerNotBuilt } from './answer-not-built.ts';

const answer = api(
  { logger: createProcessLogger('answer-not-built', process.env), clock: systemClock, validate: () => true },
  answerNotBuilt(document),
);

/** All routes of the contract with `x-wallcrawler-function`. Whatever was sent is not read: it may be a file. */
export const handler = (event: APIGatewayProxyEvent, context: Context) =>
  answer({ ...event, body: null }, context);
