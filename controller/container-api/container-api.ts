import type { StoredDownload } from '../../core/domain/download.ts';
import { type EndReason, isEndReason } from '../../core/domain/end-reason.ts';
import { isObject } from '../../core/domain/is-object.ts';
import type { ArchiveId, SignedSave } from '../../core/domain/profile-save.ts';
import { type ProxyRoute, parseProxyRoutes } from '../../core/domain/proxies.ts';
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
  readonly proxyBytes?: number;
}

export interface HeartbeatOptions extends CallOptions {
  /** Through the session's proxies so far; undefined where it has none. */
  readonly proxyBytes?: number | undefined;
}

/** What a container stores of its session beside the profile. */
export type ArtifactRef =
  | { readonly kind: 'log'; readonly sequence: number }
  | { readonly kind: 'download'; readonly id: string }
  | { readonly kind: 'recording'; readonly page: number; readonly chunk: number }
  | { readonly kind: 'recording-index'; readonly page: number };

/** What the session's browser needs for the network. */
export interface NetworkView {
  /** Each as PEM. */
  readonly certificates: readonly string[];
  readonly proxies: readonly ProxyRoute[];
}

export interface ContainerApi {
  reportReady(sandbox: 'on' | 'off', options?: CallOptions): Promise<PlatformView>;
  reportHeartbeat(connectionCount: number, options?: HeartbeatOptions): Promise<PlatformView>;
  reportEvents(events: readonly NewEvent[], options?: CallOptions): Promise<PlatformView>;
  reportEnded(report: EndReport, options?: CallOptions): Promise<void>;
  signProfileDownload(options?: CallOptions): Promise<string>;
  /** Where to save the profile, if that archive is still there. */
  signProfileSave(replaces: ArchiveId, options?: CallOptions): Promise<SignedSave>;
  /** A URL to store each of them with, in their order. */
  signArtifactUrls(artifacts: readonly ArtifactRef[], options?: CallOptions): Promise<readonly string[]>;
  signExtensionUrl(options?: CallOptions): Promise<string>;
  readNetwork(options?: CallOptions): Promise<NetworkView>;
  /** A file is stored; the name under which it is listed. */
  reportDownload(download: StoredDownload, options?: CallOptions): Promise<string>;
}

// The session has ended, is not known, or this container may no longer speak for it.
const SESSION_IS_GONE: readonly number[] = [401, 403, 404, 409, 410];

interface ContainerAccess {
  readonly baseUrl: string;
  readonly sessionId: string;
  readonly token: string;
  /** What its calls are a part of, where that is traced. */
  readonly traceparent?: string | undefined;
}

/** The client of the container API, the only part of the platform that a container may talk to. */
export function createContainerApi({ baseUrl, sessionId, ...caller }: ContainerAccess): ContainerApi {
  const call = createCaller({ url: `${baseUrl}/internal/sessions/${sessionId}`, ...caller });

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
    reportHeartbeat: (connectionCount, { proxyBytes, ...options } = {}) =>
      report('heartbeat', { connectionCount, ...(proxyBytes === undefined ? {} : { proxyBytes }) }, options),
    reportEvents: (events, options) => report('events', { events }, options),
    async reportEnded(ended, options) {
      const { status, body } = await call('ended', { ...ended }, options);
      if (status !== 200) throw new CallRefusedError('ended', status, body.message);
    },
    signProfileDownload: (options) => sign('profile-urls', { operation: 'restore' }, options),
    async signProfileSave(replaces, options) {
      const { status, body } = await call('profile-urls', { operation: 'persist', replaces }, options);
      const { url, headers } = body;
      if (status === 200 && typeof url === 'string' && isHeaders(headers)) return { url, headers };
      throw new CallRefusedError('profile-urls', status, body.message);
    },
    signExtensionUrl: (options) => sign('extension-urls', {}, options),
    async readNetwork(options) {
      const { status, body } = await call('network', {}, options);
      const { certificates, proxies } = body;
      if (status === 200 && isTexts(certificates))
        return { certificates, proxies: parseProxyRoutes(proxies) };
      throw new CallRefusedError('network', status, body.message);
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

const isHeaders = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && isTexts(Object.values(value));

function readView(body: Body): PlatformView {
  const status = SESSION_STATUSES.find((candidate): candidate is SessionStatus => candidate === body.status);
  return {
    isOver: status !== undefined && (status === 'TERMINATING' || isTerminal(status)),
    endReason: isEndReason(body.endReason) ? body.endReason : null,
    expiresAtMs: typeof body.expiresAt === 'string' ? Date.parse(body.expiresAt) : Number.NaN,
  };
}
