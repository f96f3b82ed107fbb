import { createHash } from 'node:crypto';
import page from '../../dist/pages/replay.json' with { type: 'json' };

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const STYLE = `<style>${page.style}</style>`;

/** The page: one file, the same for every replay. */
export const REPLAY_PAGE = page.html
  .replace('<!-- style -->', () => STYLE)
  .replace('<!-- script -->', () => `<script>${page.script}</script>`);

/** What is shown instead to whoever has a link that opens nothing. `title` is ours, and no one else's text. */
export const refusalPage = (title: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
${STYLE}
</head>
<body data-state="refused">
<main id="stage"><section id="notice"><h1>${title}</h1><p>Ask whoever sent it to you for a new one.</p></section></main>
</body>
</html>
`;

/**
 * Only our own script and style, and connections to where the page and the film are from. Any site may frame it: who has the
 * link may look. The token is in the path, so nothing goes on with it: no referrer, no cache.
 */
export const replayHeaders = (filmOrigin: string) => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'accept-encoding',
  'content-security-policy': [
    "default-src 'none'",
    `script-src ${hashOf(page.script)}`,
    `style-src ${hashOf(page.style)}`,
    'img-src data:',
    'media-src blob:',
    `connect-src 'self' ${filmOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    'frame-ancestors *',
  ].join('; '),
});
