import { type EndReason, isEndReason } from '../../core/domain/end-reason.ts';
import { isTerminal, SESSION_STATUSES, type SessionStatus } from '../../core/domain/session.ts';
import { CONTAINER_API } from '../../core/domain/timing.ts';
import { RequestFailedError, readText, sendRequest } from './http-request.ts';
import { type Backoff, retry } from './retry.ts';

/** What the platform knows of this session. `isOver`: the container has to go. */
export interface PlatformView {
  readonly isOver: boolean;
  readonly endReason: EndReason | null;
  readonly expiresAtMs: number;
}

export interface EndReport {
  readonly reason: EndReason;
  readonly detail?: string;
  readonly savedProfileBytes?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly backoff?: Backoff;
}

export interface ContainerApi {
  reportReady(sandbox: 'on' | 'off', options?: CallOptions): Promise<PlatformView>;
  reportHeartbeat(connectionCount: number, options?: CallOptions): Promise<PlatformView>;
  reportEnded(report: EndReport, options?: CallOptions): Promise<void>;
  signProfileUrl(operation: 'restore' | 'persist', options?: CallOptions): Promise<string>;
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
// The session has ended, is not known, or this container may no longer speak for it.
const SESSION_IS_GONE: readonly number[] = [401, 403, 404, 409, 410];
const WORTH_A_RETRY: readonly number[] = [408, 425, 429];

type Body = Readonly<Record<string, unknown>>;

interface ContainerAccess {
  readonly baseUrl: string;
  readonly sessionId: string;
  readonly token: string;
}

/** The client of the container API, the only part of the platform that a container may talk to. */
export function createContainerApi(access: ContainerAccess): ContainerApi {
  const post = createPost(access);
  const call = (operation: string, body: Body, options: CallOptions = {}) =>
    retry(() => post(operation, body, options), {
      backoff: options.backoff ?? CONTAINER_API.retriesAfterMs,
      signal: options.signal,
    });

  async function report(operation: string, body: Body, options?: CallOptions): Promise<PlatformView> {
    const answer = await call(operation, body, options);
    if (answer.status === 200) return readView(answer.body);
    if (!SESSION_IS_GONE.includes(answer.status)) {
      throw new CallRefusedError(operation, answer.status, answer.body.message);
    }
    return { ...readView(answer.body), isOver: true };
  }

  return {
    reportReady: (sandbox, options) => report('ready', { sandbox }, options),
    reportHeartbeat: (connectionCount, options) => report('heartbeat', { connectionCount }, options),
    async reportEnded(ended, options) {
      const { status, body } = await call('ended', { ...ended }, options);
      if (status !== 200) throw new CallRefusedError('ended', status, body.message);
    },
    async signProfileUrl(operation, options) {
      const { status, body } = await call('profile-urls', { operation }, options);
      if (status !== 200 || typeof body.url !== 'string') {
        throw new CallRefusedError('profile-urls', status, body.message);
      }
      return body.url;
    },
  };
}

/** One call, once. Rejects with a RequestFailedError where another try may help. */
const createPost =
  ({ baseUrl, sessionId, token }: ContainerAccess) =>
  async (operation: string, body: Body, options: CallOptions): Promise<{ status: number; body: Body }> => {
    const text = JSON.stringify(body);
    const answer = await sendRequest({
      method: 'POST',
      url: `${baseUrl}/internal/sessions/${sessionId}/${operation}`,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
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

function readView(body: Body): PlatformView {
  const status = SESSION_STATUSES.find((candidate): candidate is SessionStatus => candidate === body.status);
  return {
    isOver: status !== undefined && (status === 'TERMINATING' || isTerminal(status)),
    endReason: isEndReason(body.endReason) ? body.endReason : null,
    expiresAtMs: typeof body.expiresAt === 'string' ? Date.parse(body.expiresAt) : Number.NaN,
  };
}
