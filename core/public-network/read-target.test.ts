import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PublicNetworkError } from './public-network-error.ts';
import { readTarget, type Target } from './read-target.ts';

const faultOf = (text: string, base?: Target): string => {
  try {
    readTarget(text, base);
  } catch (error) {
    return (error as PublicNetworkError).fault;
  }
  return 'none';
};
const target = ({ host, port, isSecure, url }: Target) => [host, port, isSecure, url.pathname + url.search];

const reading = suite('the target of a URL');

reading('is its host, port and path', () => {
  assert.equal(target(readTarget('https://Example.com/a?b=c#d')), ['example.com', 443, true, '/a?b=c']);
  assert.equal(target(readTarget('http://example.com.:8080')), ['example.com', 8080, false, '/']);
  assert.equal(target(readTarget('http://[2606:4700::1]/')), ['2606:4700::1', 80, false, '/']);
  assert.equal(target(readTarget('http://1.1.1.1:81/')), ['1.1.1.1', 81, false, '/']);
  assert.is(readTarget('https://bücher.example/').host, 'xn--bcher-kva.example');
});

reading('may be relative after a redirect, and is read again', () => {
  const base = readTarget('https://1.1.1.1/a/b');
  assert.equal(target(readTarget('../c', base)), ['1.1.1.1', 443, true, '/c']);
  assert.equal(target(readTarget('//example.com/x', base)), ['example.com', 443, true, '/x']);
  assert.is(faultOf('//2130706433/', base), 'bad-url');
  assert.is(faultOf('http:1.1', base), 'bad-url');
  assert.is(faultOf('http:1.1', readTarget('http://example.com/')), 'none');
  assert.is(faultOf('file:///etc/passwd', base), 'bad-url');
  assert.is(faultOf('https://example.com:25/', base), 'refused-port');
});

for (const text of [
  '',
  'example.com',
  '/path',
  'ftp://example.com/',
  'file:///etc/passwd',
  'data:text/html,x',
  'javascript:1',
  'gopher://example.com/',
  'https://user@example.com/',
  'https://:secret@example.com/',
  'http://',
  'http:///',
  'http://./',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://0x08080808/',
  'http://8.8.2056/',
  'http://127.0.0.1./',
  'http://１２７.0.0.1/',
  'http://fe80::1/',
  'http://[fe80::1%25eth0]/',
  'http://[fe80::1%eth0]/',
  'http://exa mple.com/',
  'http://example.com\\@127.0.0.1/',
  'http:\\\\127.0.0.1/',
  'http://127.0.\t0.1/',
  ' http://example.com/',
  'http://example.com/\r\nx: y',
  'http://example.com:99999/',
  `http://example.com/${'a'.repeat(8_192)}`,
]) {
  reading(`is not taken from ${JSON.stringify(text.slice(0, 60))}`, () =>
    assert.is(faultOf(text), 'bad-url'),
  );
}

for (const port of [0, 22, 25, 110, 143, 465, 587, 993, 995, 2525, 6667])
  reading(`is not port ${port}`, () => assert.is(faultOf(`http://example.com:${port}/`), 'refused-port'));

reading.run();
