import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../core/domain/clock.ts';
import { isNearUploads } from '../../core/domain/uploads.ts';
import type { Logger } from '../../core/log/logger.ts';
import { boundRequest } from '../../core/server/bound-request.ts';
import { isJsonCommand, NOT_OVER_HTTP } from '../../core/server/json-endpoints.ts';
import { serveMetrics } from '../../core/server/metrics.ts';
import { isAskedFromHere } from '../../core/server/peers.ts';
import { reachedAt } from '../../core/server/reached-at.ts';
import { refuseRequest } from '../../core/server/refusal.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { CastHub } from '../cast/cast-hub.ts';
import type { ChromeConnection } from '../chrome/connection.ts';
import { type LiveSource, serveLiveView } from '../live/live-view.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { type Access, authorizeJsonRequest, authorizeLiveRequest, parseTarget } from './authorize-upgrade.ts';
import type { ProxyLimits } from './limits.ts';
import type { ProxyMetrics } from './metrics.ts';
import { REFUSALS } from './refusals.ts';
import { type ClaimDoor, claimTokenOf, serveClaim } from './serve-claim.ts';
import { serveFile } from './serve-file.ts';
import { serveJson } from './serve-json.ts';
import { withoutConnect } from './serve-upload.ts';

export interface RequestSource extends LiveSource {
  readonly castHub: Pick<CastHub, 'findChoosers'>;
  readonly connection: Pick<ChromeConnection, 'call' | 'closeSession' | 'isHeldBack'>;
}

export interface RequestDeps {
  readonly access: () => Access;
  readonly limits: ProxyLimits;
  readonly logger: Logger;
  readonly metrics: Pick<ProxyMetrics, 'render'>;
  readonly claims?: ClaimDoor | undefined;
  readonly uploads: Pick<Uploads, 'take' | 'discard'>;
  readonly clock: Clock;
  /** A client of the session does something that is no command. */
  readonly onActivity: () => void;
  readonly state: { readonly chrome: RequestSource | undefined; readonly isEnding: boolean };
}

/** Everything on the port that is not a WebSocket. */
export function createRequestHandler(deps: RequestDeps) {
  const { access, limits, clock, logger, metrics, state, claims } = deps;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '';
    const path = parseTarget(target)?.pathname;
    if (path !== undefined && isJsonCommand(path)) return refuseRequest(response, NOT_OVER_HTTP);
    const goOn = boundRequest(request, response, { limitMs: limits.httpRequestMs, clock });
    const file = serveFile(request, response, { ...deps, goOn });
    if (file !== null) return file;
    if (request.method !== 'GET' && request.method !== 'HEAD') return answerPost(request, path, response);
    if (path === '/health') return answerHealth(response);
    if (path === '/metrics' && isAskedFromHere(request)) return serveMetrics(response, metrics);
    return answerByToken(request, target, response);
  }

  /** Nothing is posted here but a claim, and to a container that waits for one. */
  async function answerPost(
    request: IncomingMessage,
    path: string | undefined,
    response: ServerResponse,
  ): Promise<void> {
    const token = request.method === 'POST' && path !== undefined ? claimTokenOf(path) : null;
    if (path !== undefined && isNearUploads(withoutConnect(path)))
      return refuseRequest(response, REFUSALS.noUpload);
    if (claims === undefined || token === null) return refuseRequest(response, REFUSALS.wrongMethod);
    return serveClaim(request, response, token, { claims, limits });
  }

  async function answerByToken(
    { headers }: IncomingMessage,
    target: string,
    response: ServerResponse,
  ): Promise<void> {
    const given = access();
    const json = authorizeJsonRequest(target, given);
    const asked = json ?? authorizeLiveRequest(target, given);
    if (asked === null) return refuseRequest(response, REFUSALS.unknownPath);
    if ('refusal' in asked) return refuseRequest(response, asked.refusal);
    if (state.isEnding) return refuseRequest(response, REFUSALS.ending);
    if (state.chrome === undefined) return refuseRequest(response, REFUSALS.chromeNotReady);
    if ('path' in asked.request) return serveLiveView(asked.request, response, state.chrome);
    const asker = { ...asked.request, origin: reachedAt({ headers }), sessionId: String(given.sessionId) };
    return serveJson(asker, response, state.chrome.connection, limits);
  }

  async function answerHealth(response: ServerResponse): Promise<void> {
    if (state.isEnding || state.chrome === undefined) return refuseRequest(response, REFUSALS.chromeNotReady);
    const { connection } = state.chrome;
    // While its only client does not read, Chrome's answer waits behind what that client has not taken.
    const isAlive =
      connection.isHeldBack() ||
      (await withTimeout(connection.call('Browser.getVersion'), limits.chromeAnswerMs)) !== undefined;
    if (!isAlive) return refuseRequest(response, REFUSALS.chromeSilent);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end('{"status":"ok"}');
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await answer(request, response);
    } catch (error) {
      logger.warn('a request failed', { error });
      if (response.headersSent) response.destroy();
      else refuseRequest(response, state.isEnding ? REFUSALS.ending : REFUSALS.chromeSilent);
    }
  };
}
