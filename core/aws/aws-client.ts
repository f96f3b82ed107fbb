import { AWS_CALL } from '../domain/timing.ts';

/** The first one and its repetitions, between which the SDK waits with jitter. */
export const AWS_ATTEMPTS = 3;

/**
 * What every client of a service of AWS has. The SDK repeats what may pass, with jitter; by itself it would wait for an
 * answer for ever, and a function's time would be over before anybody is told.
 */
export const awsClient = (answerMs: number = AWS_CALL.answerMs) => ({
  maxAttempts: AWS_ATTEMPTS,
  requestHandler: {
    connectionTimeout: AWS_CALL.connectMs,
    requestTimeout: answerMs,
    throwOnRequestTimeout: true,
  },
});
