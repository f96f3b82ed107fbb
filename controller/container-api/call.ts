import { CONTAINER_API } from '../../core/domain/timing.ts';
import { RequestFailedError, readText, sendRequest } from './http-request.ts';
import { type Backoff, retry } from './retry.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly backoff?: Backoff;
}

/** The container API refused: trying again would not change its mind. */
export class CallRefusedError extends Error {
  override readonly name = 'CallRefusedError';
  readonly statusCode: number;
  constructor(operation: string, statusCode: number, reason: unknown) {
    const said = typeof reason === 'string' && reason !== '' ? `: ${reason.slice(0, MAX_REASON)}` : '';
    super(`The container API answered ${statusCode} to ${operation}${said}`);
    this.statusCode = statusCode;
  }
}

const MAX_REASON = 300;
const WORTH_A_RETRY: readonly number[] = [408, 425, 429];

export type Body = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly body: Body;
}

interface Caller {
  /** Of whom or what the calls are; the operations are below it. */
  readonly url: string;
  readonly token: string;
  /** What the calls are a part of, where that is traced. */
  readonly traceparent?: string | undefined;
}

/** Calls of the container API, each repeated while it fails in a way that may pass. */
export function createCaller(caller: Caller) {
  const post = createPost(caller);
  return (operation: string, body: Body, options: CallOptions = {}): Promise<Answer> =>
    retry(() => post(operation, body, options), {
      backoff: options.backoff ?? CONTAINER_API.retriesAfterMs,
      signal: options.signal,
    });
}

/** One call, once. Rejects with a RequestFailedError where another try may help. */
const createPost =
  ({ url, token, traceparent }: Caller) =>
  async (operation: string, body: Body, options: CallOptions): Promise<Answer> => {
    const text = JSON.stringify(body);
    const answer = await sendRequest({
      method: 'POST',
      url: `${url}/${operation}`,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...(traceparent === undefined ? {} : { traceparent }),
      },
      body: text,
      silenceMs: options.timeoutMs ?? CONTAINER_API.answerMs,
      signal: options.signal,
    });
    const status = answer.statusCode ?? 0;
    const answered = await readText(answer);
    if (status >= 500 || WORTH_A_RETRY.includes(status)) {
      throw new RequestFailedError(`the container API answered ${status} to ${operation}`);
    }
    return { status, body: parseBody(answered, operation) };
  };

function parseBody(text: string, operation: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Body) : {};
  } catch {
    throw new RequestFailedError(`the container API's answer to ${operation} is not JSON`);
  }
}
