/**
 * Every failure a client can meet, in one catalogue: code -> status and sentence. `%s` takes the details in order.
 *
 * Details are ids, names of fields and numbers; never a key, a token or a URL with one.
 */
export const ERROR_CATALOGUE = {
  BAD_REQUEST: [400, '%s'],
  METADATA_TOO_LONG: [400, 'body/userMetadata must be at most %s characters as JSON, and is %s'],
  METADATA_QUERY_INVALID: [400, "querystring/q %s; the form is user_metadata['key']:'value'"],
  TASK_SIZE_NOT_OFFERED: [400, 'body/browserSettings/taskSize must be %s'],
  SETTING_NOT_OFFERED: [400, '%s'],
  CONTAINER_UNAUTHORIZED: [401, 'The container token is missing or not valid'],
  REPLAY_LINK_REFUSED: [
    401,
    'This link %s. Whoever has a key of the project makes another one: POST /v1/sessions/{id}/replay-url',
  ],
  PROJECT_FORBIDDEN: [403, 'This API key does not open project %s'],
  SESSION_NOT_FOUND: [404, 'No session %s in this project'],
  CONTEXT_NOT_FOUND: [404, 'No context %s in this project'],
  EXTENSION_UPLOAD_NOT_FOUND: [
    404,
    'No upload %s in this project: nothing was sent to its URL, or that was more than a day ago',
  ],
  EXTENSION_NOT_FOUND: [404, 'No extension %s in this project'],
  CERTIFICATE_NOT_FOUND: [404, 'No certificate %s in this project'],
  DOWNLOAD_NOT_FOUND: [404, 'No download %s in this project'],
  WEBHOOK_NOT_FOUND: [404, 'No webhook %s in this project'],
  DELIVERY_NOT_FOUND: [404, 'No delivery %s of this webhook'],
  PROJECT_NOT_FOUND: [404, 'No project %s for this API key'],
  REPLAY_NOT_FOUND: [404, 'Session %s has no recording of page %s'],
  RECORDING_NOT_FOUND: [404, 'Session %s has no recording'],
  SESSION_HAS_ENDED: [409, 'Session %s has ended'],
  RECORDING_NOT_ENDED: [409, 'Session %s has not ended: its recording can be downloaded then'],
  CONTEXT_NOT_IN_SESSION: [409, 'Session %s has no context to %s'],
  EXTENSION_NOT_IN_SESSION: [409, 'Session %s has no extension'],
  WEBHOOK_CHANGED: [409, 'Webhook %s was changed or deleted at the same moment: look at it, and try again'],
  WEBHOOK_DISABLED: [409, 'Webhook %s is disabled: nothing is sent to it'],
  DELIVERY_CHANGED: [409, 'Delivery %s was tried at the same moment: look at it, and ask again'],
  NOT_IN_POOL: [409, 'Container %s is not in the warm pool any more'],
  SESSION_ID_TAKEN: [409, 'body/id %s is taken: choose another one, at random'],
  DOWNLOAD_ID_TAKEN: [409, 'body/id %s is that of another download'],
  KEY_SESSION_ENDED: [410, 'Session %s, which was made with this %s, has ended: take a new one'],
  CALLER_LEFT: [410, 'The caller left before its session was started'],
  SESSION_NOT_RUNNING: [410, 'Session %s is not running, it is %s'],
  RECORDING_EXPIRED: [410, 'The recording of session %s is older than %s days, and deleted'],
  FILE_TOO_LARGE: [413, 'body/file must be at most %s bytes.%s'],
  SESSION_FULL_OF_FILES: [
    413,
    'Session %s has no room for this file: it takes %s files, of %s bytes together',
  ],
  ZIP_TOO_LARGE: [
    413,
    'Session %s has %s downloads of %s bytes, more than one zip may have: GET /v1/downloads lists them, to take them one by one',
  ],
  UNSUPPORTED_MEDIA_TYPE: [415, 'The content-type must be %s'],
  NOT_RECORDED: [
    422,
    'Session %s was created with recordSession: false, or its installation records none by itself',
  ],
  TOO_MANY_EXTENSIONS: [422, 'This project has %s extensions, and may have no more: delete one'],
  TOO_MANY_CERTIFICATES: [422, 'This project has %s certificates, and may have no more: delete one'],
  TOO_MANY_WEBHOOKS: [422, 'This project has %s webhooks, and may have no more: delete one'],
  CREATE_DIFFERS: [422, 'This %s was used for a session with another body: take a new one'],
  // Begins with the sentence that Browserbase answers; programs in the wild look for it.
  CONCURRENCY_EXCEEDED: [
    429,
    "You've exceeded your max concurrent sessions limit (limit %s, currently %s). Whoever runs this installation raises it: npm run admin -- projects update %s --concurrency <sessions>",
  ],
  NOT_BUILT: [501, '%s'],
  FETCH_FORMAT: [400, 'body/format %s is not for an answer that is %s'],
  FETCH_DATA_MISSING: [400, 'body/schema requires %s, and the page does not declare it'],
  FETCH_FAILED: [502, '%s'],
  FETCH_TOO_SLOW: [504, '%s'],
  INTERNAL: [500, 'The platform failed; request id %s'],
  TOO_SLOW: [504, 'The platform did not answer in time; request id %s'],
  SESSION_UNREACHABLE: [502, 'The container of session %s did not answer'],
  START_FAILED: [503, 'Session %s could not be started: %s'],
  START_TIMED_OUT: [503, 'Session %s was not ready within %s seconds and has been ended'],
  CAPACITY: [503, 'No container could be started for session %s: %s'],
  AWS_OUTAGE: [503, 'A service of AWS throttles, fails or does not answer (%s); try again'],
  KEYS_UNREADABLE: [503, 'The token keys cannot be read (%s); try again'],
  STORE_DOWN: [503, 'The store of files does not answer; try again'],
  BUSY: [503, 'Too many requests change this project at the same moment; try again'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Response headers that go with this failure, such as retry-after. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For programs, in the body beside the sentence. */
  readonly facts?: Readonly<Record<string, string | null>>;
}

/** A failure from the catalogue. Its message is meant for the client. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  /** What stands in its sentence. Not `details`: a test runner takes that for its own. */
  readonly named: readonly (string | number)[];
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, string | null>>;
  constructor(code: ErrorCode, details: readonly (string | number)[] = [], options: AppErrorOptions = {}) {
    const [status, message] = ERROR_CATALOGUE[code];
    let next = 0;
    super(
      message.replaceAll('%s', () => String(details[next++] ?? '?')),
      { cause: options.cause },
    );
    this.code = code;
    this.named = details;
    this.status = status;
    this.headers = options.headers ?? {};
    this.facts = options.facts ?? {};
  }
}
