/** What `POST /v1/fetch` takes and waits for; docs/limits.md has them as well. */
export const FETCH_LIMITS = {
  connectMs: 5_000,
  headersMs: 15_000,
  /** For names, redirects and the body together; API Gateway waits 29 s. */
  totalMs: 20_000,
  /** Of the body, decompressed. A function may answer 6 MB, and JSON can double it. */
  maxBytes: 1_048_576,
  maxRedirects: 10,
} as const;
