import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { explainNavigation } from './smoke-hint.mjs';

const t = suite('npm run smoke, without an installation');

t('says how it is used', () => {
  const shown = execFileSync(process.execPath, [join(import.meta.dirname, 'smoke.mjs'), '--help'], {
    encoding: 'utf8',
  });
  assert.match(shown, /^Does once .*npm run smoke -- <url> <key> \[--target-url URL\]\n/s);
});

t('names the way out when sessions cannot reach the page', () => {
  for (const message of [
    'page.goto: net::ERR_NAME_NOT_RESOLVED at https://example.com/',
    'page.goto: net::ERR_CONNECTION_REFUSED at https://example.com/',
    'page.goto: Timeout 30000ms exceeded.',
  ]) {
    const explained = explainNavigation(new Error(message), 'https://example.com/');
    assert.ok(explained.startsWith(message));
    assert.match(explained, /cannot reach https:\/\/example\.com\/, --target-url names another page/);
  }
});

t('leaves other failures as they are', () => {
  const message = 'page.goto: Target page, context or browser has been closed';
  assert.is(explainNavigation(new Error(message), 'https://example.com/'), message);
});

t.run();
