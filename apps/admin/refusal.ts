/** A mistake in the command line: one sentence, no stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for is clear and cannot be done as things are: one sentence that says why, exit code 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
