import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NO_ICON, toIconUri, toUri } from './to-uri.ts';

const uris = suite('toUri');

for (const [address, uri] of [
  ['https://example.com/a?b=c#d', 'https://example.com/a?b=c#d'],
  ['about:blank', 'about:blank'],
  ['about:blank#hidden', 'about:blank#hidden'],
  ['chrome://newtab/', 'chrome://newtab/'],
  ['http://[::1]:8080/a[0]', 'http://[::1]:8080/a%5B0%5D'],
  ['https://a/?q={x|y}^`', 'https://a/?q=%7Bx%7Cy%7D%5E%60'],
  ['https://a/#one#two', 'https://a/#one%23two'],
  ['https://a/100%', 'https://a/100%25'],
  ['https://a/%41%4', 'https://a/%41%254'],
  ['https://a/é😀', 'https://a/%C3%A9%F0%9F%98%80'],
  ['https://a/\ud800', 'https://a/%EF%BF%BD'],
  ['data:text/html,<b>"x"</b>\n', 'data:text/html,%3Cb%3E%22x%22%3C/b%3E%0A'],
  ['javascript:void 0', 'javascript:void%200'],
  ['', 'about:blank'],
  ['no address', 'about:blank'],
] as const) {
  uris(`makes ${JSON.stringify(uri)} of ${JSON.stringify(address)}`, () => {
    assert.is(toUri(address, 2_048), uri);
    assert.is(toUri(uri, 2_048), uri, 'and leaves that as it is');
  });
}

uris('cuts a long one, but no escape in two', () => {
  assert.is(toUri('http://a/"""', 12), 'http://a/%22');
  for (const length of [13, 14]) assert.is(toUri('http://a/"""', length), 'http://a/%22');
  assert.is(toUri('http://a/"""', 15), 'http://a/%22%22');
});

uris.run();

// ---

const icons = suite('toIconUri');

icons('is the whole icon, or says that there is none', () => {
  assert.is(toIconUri('http://a/i.png', 100), 'http://a/i.png');
  assert.is(toIconUri('data:image/svg+xml,<svg/>', 100), 'data:image/svg+xml,%3Csvg/%3E');
  for (const none of ['', 'favicon.ico', `data:${'x'.repeat(100)}`]) assert.is(toIconUri(none, 100), NO_ICON);
});

icons.run();
