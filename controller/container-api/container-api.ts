import type { StoredDownload } from '../../core/domain/download.ts';
import { type EndReason, isEndReason } from '../../core/domain/end-reason.ts';
import { isTerminal, SESSION_STATUSES, type SessionStatus } from '../../core/domain/session.ts';
import type { NewEvent } from '../../core/domain/session-event.ts';
import { type Body, type CallOptions, CallRefusedError, createCaller } from './call.ts';

export { type CallOptions, CallRefusedError } from './call.ts';

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

/** What a container stores of its session beside the profile. */
export type ArtifactRef =
  | { readonly kind: 'log'; readonly sequence: number }
  | { readonly kind: 'download'; readonly id: string }
  | { readonly kind: 'recording'; readonly page: number; readonly chunk: number }
  | { readonly kind: 'recording-index'; readonly page: number };

export interface ContainerApi {
  reportReady(sandbox: 'on' | 'off', options?: CallOptions): Promise<PlatformView>;
  reportHeartbeat(connectionCount: number, options?: CallOptions): Promise<PlatformView>;
  reportEvents(events: readonly NewEvent[], options?: CallOptions): Promise<PlatformView>;
  reportEnded(report: EndReport, options?: CallOptions): Promise<void>;
  signProfileUrl(operation: 'restore' | 'persist', options?: CallOptions): Promise<string>;
  /** A URL to store each of them with, in their order. */
  signArtifactUrls(artifacts: readonly ArtifactRef[], options?: CallOptions): Promise<readonly string[]>;
  signExtensionUrl(options?: CallOptions): Promise<string>;
  /** Of the session, each as PEM. */
  readCertificates(options?: CallOptions): Promise<readonly string[]>;
  /** A file is stored; the name under which it is listed. */
  reportDownload(download: StoredDownload, options?: CallOptions): Promise<string>;
}

// The session has ended, is not known, or this container may no longer speak for it.
const SESSION_IS_GONE: readonly number[] = [401, 403, 404, 409, 410];

interface ContainerAccess {
  readonly baseUrl: string;
  readonly sessionId: string;
  readonly token: string;
}

/** The client of the container API, the only part of the platform that a container may talk to. */
export function createContainerApi({ baseUrl, sessionId, token }: ContainerAccess): ContainerApi {
  const call = createCaller({ url: `${baseUrl}/internal/sessions/${sessionId}`, token });

  async function report(operation: string, body: Body, options?: CallOptions): Promise<PlatformView> {
    const answer = await call(operation, body, options);
    if (answer.status === 200) return readView(answer.body);
    if (!SESSION_IS_GONE.includes(answer.status)) {
      throw new CallRefusedError(operation, answer.status, answer.body.message);
    }
    return { ...readView(answer.body), isOver: true };
  }

  async function sign(operation: string, body: Body, options?: CallOptions): Promise<string> {
    const answer = await call(operation, body, options);
    if (answer.status === 200 && typeof answer.body.url === 'string') return answer.body.url;
    throw new CallRefusedError(operation, answer.status, answer.body.message);
  }

  return {
    reportReady: (sandbox, options) => report('ready', { sandbox }, options),
    reportHeartbeat: (connectionCount, options) => report('heartbeat', { connectionCount }, options),
    reportEvents: (events, options) => report('events', { events }, options),
    async reportEnded(ended, options) {
      const { status, body } = await call('ended', { ...ended }, options);
      if (status !== 200) throw new CallRefusedError('ended', status, body.message);
    },
    signProfileUrl: (operation, options) => sign('profile-urls', { operation }, options),
    signExtensionUrl: (options) => sign('extension-urls', {}, options),
    async readCertificates(options) {
      const { status, body } = await call('certificates', {}, options);
      if (status === 200 && isTexts(body.certificates)) return body.certificates;
      throw new CallRefusedError('certificates', status, body.message);
    },
    async signArtifactUrls(artifacts, options) {
      const { status, body } = await call('artifact-urls', { artifacts }, options);
      const { urls } = body;
      if (status === 200 && isTexts(urls) && urls.length === artifacts.length) return urls;
      throw new CallRefusedError('artifact-urls', status, body.message);
    },
    async reportDownload(download, options) {
      const { status, body } = await call('downloads', { ...download }, options);
      if (status === 200 && typeof body.filename === 'string') return body.filename;
      throw new CallRefusedError('downloads', status, body.message);
    },
  };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

function readView(body: Body): PlatformView {
  const status = SESSION_STATUSES.find((candidate): candidate is SessionStatus => candidate === body.status);
  return {
    isOver: status !== undefined && (status === 'TERMINATING' || isTerminal(status)),
    endReason: isEndReason(body.endReason) ? body.endReason : null,
    expiresAtMs: typeof body.expiresAt === 'string' ? Date.parse(body.expiresAt) : Number.NaN,
  };
}
