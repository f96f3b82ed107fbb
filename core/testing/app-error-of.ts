import { AppError } from '../domain/errors.ts';

/** The failure of the catalogue with which something fails. Any other failure fails the test as it is. */
export async function appErrorOf(promise: Promise<unknown>): Promise<AppError> {
  const outcome = await promise.catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  if (outcome instanceof AppError) return outcome;
  throw new Error(`It did not fail: ${JSON.stringify(outcome)}`);
}
