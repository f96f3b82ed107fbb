import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../core/log/logger.ts';
import type { BrowserEndpoint } from '../chrome/launch.ts';
import { type Access, authorizeLiveRequest, parseTarget } from './authorize-upgrade.ts';
import { requestChrome } from './chrome-connection.ts';
import type { ClientTable } from './clients.ts';
import type { ProxyLimits } from './limits.ts';
import { serveLiveView } from './live-view.ts';
import type { Metrics } from './metrics.ts';
import { REFUSALS, refuseRequest } from './refusal.ts';

export interface RequestDeps {
  readonly access: () => Access;
  readonly limits: ProxyLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clients: Pick<ClientTable, 'countByKind'>;
  readonly state: { readonly endpoint: BrowserEndpoint | undefined; readonly isEnding: boolean };
}

const LOOPBACK_PEERS: readonly (string | undefined)[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

/** Everything on the port that is not a WebSocket. */
export function createRequestHandler(deps: RequestDeps) {
  const { access, limits, logger, metrics, clients, state } = deps;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '';
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuseRequest(response, REFUSALS.wrongMethod);
    const path = parseTarget(target)?.pathname;
    if (path === '/health') return answerHealth(response);
    if (path === '/metrics' && LOOPBACK_PEERS.includes(request.socket.remoteAddress))
      return answerMetrics(response);
    return answerLiveView(target, response);
  }

  async function answerLiveView(target: string, response: ServerResponse): Promise<void> {
    const live = authorizeLiveRequest(target, access());
    if (live === null) return refuseRequest(response, REFUSALS.unknownPath);
    if ('refusal' in live) return refuseRequest(response, live.refusal);
    if (state.isEnding) return refuseRequest(response, REFUSALS.ending);
    if (state.endpoint === undefined) return refuseRequest(response, REFUSALS.chromeNotReady);
    return serveLiveView(live.request, response, state.endpoint, limits);
  }

  async function answerHealth(response: ServerResponse): Promise<void> {
    if (state.isEnding || state.endpoint === undefined)
      return refuseRequest(response, REFUSALS.chromeNotReady);
    const version = await requestChrome(state.endpoint, '/json/version', limits);
    version.resume();
    if (version.statusCode !== 200) return refuseRequest(response, REFUSALS.chromeSilent);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end('{"status":"ok"}');
  }

  function answerMetrics(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', 'cache-control': 'no-store' });
    response.end(metrics.render(clients.countByKind()));
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
