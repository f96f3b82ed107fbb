const SECRET_NAME =
  /token|secret|password|authorization|cookie|signingkey|apikey|api-key|uploadurl|downloadurl|connecturl/i;
// Anything that looks like one of our tokens (a JWT), an API key, a webhook's secret, or a signed URL's query, wherever it stands.
const SECRET_TEXT =
  /eyJ[\w-]{8,}\.[\w-]+\.[\w-]+|\bwc_[\w-]{16,}|\bwhsec_[\w+/=-]{16,}|((?:signingKey|X-Amz-[A-Za-z-]+|token)=)[^&\s"']+/g;
const MAX_TEXT_LENGTH = 4096;
const MAX_DEPTH = 6;

/** The text without credentials, and of bounded length: log lines are read by more people than the data is. */
export function redactText(value: string): string {
  const clean = value.replace(
    SECRET_TEXT,
    (_match, prefix: string | undefined) => `${prefix ?? ''}[redacted]`,
  );
  return clean.length > MAX_TEXT_LENGTH ? `${clean.slice(0, MAX_TEXT_LENGTH)}[cut]` : clean;
}

/** The value as a log line may hold it: no credentials, by the name of a field or by the look of a text. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return value.toJSON();
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      redactText(name),
      SECRET_NAME.test(name) && typeof item !== 'number' && typeof item !== 'boolean'
        ? '[redacted]'
        : redact(item, depth + 1),
    ]),
  );
}

const describeError = (error: Error, depth: number): Readonly<Record<string, unknown>> => ({
  name: error.name,
  message: redactText(error.message),
  ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
  stack: error.stack === undefined ? undefined : redactText(error.stack),
  ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  ...(error instanceof AggregateError ? { errors: redact(error.errors, depth + 1) } : {}),
});
