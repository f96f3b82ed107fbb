/** What the SDK's errors have, when it has given up. */
interface AwsFault {
  readonly name: string;
  readonly code?: string;
  readonly $fault?: 'client' | 'server';
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

const TOO_MANY = 429;
const THROTTLED =
  /Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded|SlowDown|TooManyRequests|TransactionInProgress/;

/**
 * The name of a fault of AWS that may pass: it throttles, fails or does not answer, and another try may work. Undefined for
 * any other error, such as one that says that this call may not be made.
 */
export function outageOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { name, code, $fault, $metadata, $retryable } = error as AwsFault;
  if (THROTTLED.test(name) || $retryable?.throttling === true) return name;
  if ($fault === 'client') return undefined;
  const status = $metadata?.httpStatusCode;
  // Without one there was no answer.
  if (status === undefined) return code ?? name;
  return status >= 500 || status === TOO_MANY ? name : undefined;
}
