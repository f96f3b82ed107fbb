import http from 'node:http';
import { WebSocket } from 'ws';
import type { BrowserEndpoint } from '../chrome/launch.ts';
import type { ProxyLimits } from './limits.ts';

/** Chrome answered an upgrade with a status instead. */
export class ChromeRefusedError extends Error {
  override readonly name = 'ChromeRefusedError';
  readonly status: number;
  constructor(status: number) {
    super(`Chrome refused the connection with status ${status}`);
    this.status = status;
  }
}

const LOOPBACK = '127.0.0.1';

// Masks protect proxies between browser and server from scripts that choose the bytes; on loopback there are none. With
// a zero mask ws neither copies nor walks through the message.
const zeroMask = (mask: Buffer): void => {
  mask.fill(0);
};

/** Opens one of Chrome's WebSockets: a page's, or the browser-level one. */
export function openChromeSocket(
  endpoint: BrowserEndpoint,
  pageId: string | null,
  limits: ProxyLimits,
): Promise<WebSocket> {
  const path = pageId === null ? endpoint.browserPath : `/devtools/page/${pageId}`;
  const socket = new WebSocket(`ws://${LOOPBACK}:${endpoint.port}${path}`, {
    perMessageDeflate: false,
    maxPayload: limits.maxMessageBytes,
    maxFragments: 0,
    maxBufferedChunks: 0,
    skipUTF8Validation: true,
    generateMask: zeroMask,
    handshakeTimeout: limits.maxChromeConnectMs,
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      reject(new ChromeRefusedError(response.statusCode ?? 0));
    });
    socket.once('open', () => {
      socket.off('error', reject);
      // Chrome may speak before anybody listens here: whoever takes the socket resumes it.
      socket.pause();
      resolve(socket);
    });
  });
}

/** GET on Chrome's debugging port. */
export function requestChrome(
  endpoint: BrowserEndpoint,
  path: string,
  limits: Pick<ProxyLimits, 'chromeAnswerMs'>,
): Promise<http.IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  // No kept-alive connections: Chrome closes them whenever it likes.
  const request = http.get({ host: LOOPBACK, port: endpoint.port, path, agent: false }, resolve);
  request.setTimeout(limits.chromeAnswerMs, () => request.destroy(new Error('Chrome does not answer')));
  request.on('error', reject);
  return promise;
}
