import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Why a request is not served; becomes the platform's one error shape. The message never holds a token. */
export interface Refusal {
  readonly status: 401 | 404 | 405 | 410 | 429 | 502 | 503;
  readonly message: string;
}

export const REFUSALS = {
  badToken: { status: 401, message: 'The token is missing, expired or not for this session' },
  unknownPath: { status: 404, message: 'There is nothing at this path' },
  unknownPage: { status: 404, message: 'The browser has no page with this id' },
  wrongMethod: { status: 405, message: 'Only GET is served here' },
  ending: { status: 410, message: 'The session has ended' },
  tooManyUpgrades: { status: 429, message: 'Too many connections are opened too fast' },
  tooManySockets: { status: 429, message: 'Too many connections are open' },
  chromeNotReady: { status: 503, message: 'The browser is not ready yet' },
  chromeSilent: { status: 503, message: 'The browser does not answer' },
} as const satisfies Record<string, Refusal>;

const bodyOf = ({ status, message }: Refusal): string =>
  JSON.stringify({ statusCode: status, error: STATUS_CODES[status], message });

export function refuseRequest(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(bodyOf(refusal));
}

/** Answers an upgrade that is not completed. Playwright shows status and body, Puppeteer the status. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, refusal: Refusal): void {
  if (socket.destroyed) return;
  const body = bodyOf(refusal);
  const head = [
    `HTTP/${request.httpVersion} ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
