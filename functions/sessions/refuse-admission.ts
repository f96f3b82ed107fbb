import { ConcurrencyExceededError, ProjectNotFoundError } from '../../core/aws/projects/concurrency-slots.ts';
import { AppError } from '../../core/domain/errors.ts';
import { RETRY } from '../../core/domain/timing.ts';

// A slot is free when some session ends, which no clock knows: so a short wait, and the caller may look again.

/** Why a session was not admitted, as its create answers it. */
export function refuseAdmission(projectId: string, error: unknown): unknown {
  if (error instanceof ProjectNotFoundError) {
    return new AppError('PROJECT_NOT_FOUND', [projectId], { cause: error });
  }
  return error instanceof ConcurrencyExceededError ? concurrencyExceeded(projectId, error) : error;
}

const concurrencyExceeded = (projectId: string, cause: ConcurrencyExceededError): AppError =>
  new AppError('CONCURRENCY_EXCEEDED', [cause.limit, cause.running, projectId], {
    cause,
    headers: {
      'retry-after': String(RETRY.quotaSeconds),
      'x-ratelimit-limit': String(cause.limit),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(RETRY.quotaSeconds),
    },
  });
