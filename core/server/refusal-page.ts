import { type IncomingMessage, STATUS_CODES } from 'node:http';

/** Whether a person's browser opens this as a page; programs that ask for anything have JSON. */
export const wantsPage = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && /\btext\/html\b/i.test(headers.accept ?? '');

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeHtml = (text: string): string => text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? '');

// The address may hold a token, and the page needs nothing from anywhere.
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** The sentence of a refusal, for whoever looks at a live view. */
export const refusalPage = ({ status, message }: { readonly status: number; readonly message: string }) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${STATUS_CODES[status] ?? status}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:20vh auto;max-width:36em;padding:0 1em;color-scheme:light dark}</style>
<p>${escapeHtml(message)}</p>
`;
