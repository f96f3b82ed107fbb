import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { maskUrl, maskUrlsIn } from './mask-url.ts';

const urls = suite('an address in a log');

const SHOWN: readonly (readonly [url: string, shown: string])[] = [
  ['https://example.com/a/b', 'https://example.com/a/b'],
  ['https://me:pw@example.com/', 'https://masked:masked@example.com/'],
  // As a browser reads it, whatever it looks like.
  ['http:me:p@w@example.com', 'http://masked:masked@example.com/'],
  ['https:\\\\me:pw@example.com', 'https://masked:masked@example.com/'],
  ['wss://host/?signingKey=ey.a.b', 'wss://host/?signingKey=[masked]'],
  ['https://example.com/?q=typed&page=2#token=x', 'https://example.com/?q=[masked]&page=[masked]#[masked]'],
  ['https://example.com/?bare', 'https://example.com/?[masked]'],
  ['data:text/html;base64,c2VjcmV0', 'data:text/html[masked]'],
  ['data:,secret', 'data:[masked]'],
  [' javascript:alert("secret")', 'javascript:[masked]'],
  ['view-source:https://me:pw@example.com/', 'view-source:[masked]'],
  ['blob:https://me:pw@example.com/1-2', 'blob:https://masked:masked@example.com/1-2'],
  ['about:blank', 'about:blank'],
  ['chrome-error://chromewebdata/', 'chrome-error://chromewebdata/'],
  ['/path?q=typed', '/path?q=[masked]'],
  ['no address', '[masked]'],
  ['', ''],
];
for (const [url, shown] of SHOWN)
  urls(`${url || 'none'} is shown as ${shown || 'none'}`, () => {
    assert.is(maskUrl(url), shown);
  });

urls('is masked within a sentence too', () => {
  assert.is(
    maskUrlsIn(
      'Mixed Content: https://a.example/ asked for "http://me:pw@b.example/x?key=secret", and was refused',
    ),
    'Mixed Content: https://a.example/ asked for "http://masked:masked@b.example/x?key=[masked]", and was refused',
  );
});

urls.run();
