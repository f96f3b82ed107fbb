import type { FunctionFailure } from './environment-worker.ts';

/** The function failed, as Lambda tells it: an error that its handler threw, a time-out, a crash. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly errorType: string;
  readonly errorMessage: string;
  constructor(functionName: string, { errorType, errorMessage }: FunctionFailure) {
    super(`${functionName} failed: ${errorType}: ${errorMessage}`);
    this.errorType = errorType;
    this.errorMessage = errorMessage;
  }
}

const SENTENCES = {
  TooManyRequestsException: 'Rate Exceeded: all its execution environments are busy',
  RequestTooLargeException: 'The event is larger than an invocation may carry',
  ResourceNotFoundException: 'Function not found',
  MalformedPrelude: 'What it streamed does not begin as an HTTP answer does',
  PoolClosed: 'It is not invoked any more: Lambda is stopping',
};

/** What Lambda itself says of an invocation. */
export class LambdaException extends Error {
  override readonly name: keyof typeof SENTENCES;
  constructor(name: keyof typeof SENTENCES, functionName: string, options?: ErrorOptions) {
    super(`${functionName}: ${SENTENCES[name]}`, options);
    this.name = name;
  }
}
