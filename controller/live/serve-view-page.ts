import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import page from '../../dist/pages/live.json' with { type: 'json' };

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Only our own script and style, and connections to where the page is from. Any site may frame it: who has the link may look.
 * A link in it goes nowhere with the token, which is in the path.
 */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': [
    "default-src 'none'",
    `script-src ${hashOf(page.script)}`,
    `style-src ${hashOf(page.style)}`,
    "img-src 'self' data: blob:",
    "connect-src 'self' ws: wss:",
    "base-uri 'none'",
    "form-action 'none'",
    'frame-ancestors *',
  ].join('; '),
};

const HTML = page.html
  .replace('<!-- style -->', () => `<style>${page.style}</style>`)
  .replace('<!-- script -->', () => `<script>${page.script}</script>`);

/** The page of a live view: one file, the same for everybody. */
export function serveViewPage(response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'content-length': Buffer.byteLength(HTML) });
  response.end(HTML);
}
