import type { FunctionFailure } from './protocol.ts';

/** The function failed, as Lambda tells it: an error that its handler threw, a time-out, a crash. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
  constructor(functionName: string, { errorType, errorMessage, trace = [] }: FunctionFailure) {
    super(`${functionName} failed: ${errorType}: ${errorMessage}`);
    this.errorType = errorType;
    this.errorMessage = errorMessage;
    this.trace = trace;
  }
}

/** Every execution environment that a function may have is busy. */
export class TooManyRequestsException extends Error {
  override readonly name = 'TooManyRequestsException';
  constructor(functionName: string) {
    super(`Rate Exceeded: all execution environments of ${functionName} are busy`);
  }
}

/** The event is larger than an invocation may carry. */
export class RequestTooLargeException extends Error {
  override readonly name = 'RequestTooLargeException';
  constructor(bytes: number, maxBytes: number) {
    super(`Request must be smaller than ${maxBytes} bytes, it has ${bytes}`);
  }
}

export class ResourceNotFoundException extends Error {
  override readonly name = 'ResourceNotFoundException';
  constructor(functionName: string) {
    super(`Function not found: ${functionName}`);
  }
}

/** Lambda is stopping. */
export class PoolClosed extends Error {
  override readonly name = 'PoolClosed';
  constructor(functionName: string) {
    super(`${functionName} is not invoked any more: Lambda is stopping`);
  }
}
