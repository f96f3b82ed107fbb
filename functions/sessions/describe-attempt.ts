import { createHash } from 'node:crypto';
import {
  type CreateAttempt,
  callerFactsOf,
  isRetry,
  patienceMsOf,
} from '../../core/domain/create-attempt.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import type { CreateSessionBody } from './create-session-request.ts';

const MAX_KEY_CHARACTERS = 255;

/** What a request for a session says of itself. Nothing of it can be read back from the hashes. */
export function describeAttempt(
  { requestId, headers, bodyText, body }: ApiRequest<CreateSessionBody>,
  projectId: string,
  at: Date,
): CreateAttempt {
  const bodyHash = hashOf([projectId, bodyText]);
  const { 'idempotency-key': key } = headers;
  if (key !== undefined && (key.length === 0 || key.length > MAX_KEY_CHARACTERS))
    throw new AppError('BAD_REQUEST', [
      `headers/Idempotency-Key must have 1 to ${MAX_KEY_CHARACTERS} characters`,
    ]);
  const facts = callerFactsOf(headers);
  const patienceMs = patienceMsOf(headers);
  return {
    id: requestId,
    at,
    bodyHash,
    isRetry: isRetry(headers),
    ...(key === undefined ? {} : { keyHash: hashOf([projectId, key]) }),
    ...(body.id === undefined ? {} : { sessionId: body.id }),
    ...(facts === undefined ? {} : { callerHash: hashOf([bodyHash, ...facts]) }),
    ...(patienceMs === undefined ? {} : { patienceMs }),
  };
}

const hashOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
